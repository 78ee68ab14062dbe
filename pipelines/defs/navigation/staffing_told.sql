-- Merchants with hourly consultations (view service_hour).
SELECT DISTINCT merchant_id FROM service_hour WHERE sessions IS NOT NULL
