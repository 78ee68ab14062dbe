-- The newest backtest of each measure and horizon, each model beside the seasonal naive.
SELECT measure, horizon, model, wape, mase, bias, coverage_80, coverage_95
FROM forecast_quality
WHERE segment = 'all'
QUALIFY made_on = max(made_on) OVER ()
ORDER BY measure, horizon, wape, model
