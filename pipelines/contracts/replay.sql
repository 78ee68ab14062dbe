-- Files of a feed with held rows of merchants that are known by now.
SELECT DISTINCT file FROM held_rows SEMI JOIN merchants USING (merchant_id) WHERE feed = $feed
