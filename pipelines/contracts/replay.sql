-- Files with held rows of merchants that are known by now.
SELECT DISTINCT feed, file FROM held_rows SEMI JOIN merchants USING (merchant_id)
