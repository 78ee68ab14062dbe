-- Rows of merchants that nobody has announced yet are held; -1 stands where the number of a broken rule would.
UPDATE typed SET rule = -1
WHERE rule IS NULL AND merchant_id NOT IN (SELECT merchant_id FROM known_merchants);
