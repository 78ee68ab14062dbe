-- One row per date and merchant with the counts of every feed side by side, each named after its feed.
-- The views of the feeds hold, per key, the newest version known on the day, restricted to the dates wanted.
-- Figures with decimals are summed exactly (exact_sum), so that a run leaves the same figures whenever it is repeated.
-- A feed that is silent about a merchant and day leaves NULL: "not known" is never read as 0.
WITH
sales_day AS (
    SELECT date, merchant_id,
        sum(order_lines) AS sales_order_lines,
        sum(units) AS sales_units,
        exact_sum(gmv) AS sales_gmv,
        count(*) FILTER (WHERE units > 0 AND sku_id <> '') AS sales_skus_sold,
        count(*) FILTER (WHERE on_promotion > 0) AS sales_skus_on_promotion,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM sales GROUP BY ALL
),
stock_day AS (
    SELECT date, merchant_id,
        count(*) AS stock_skus,
        sum(on_hand) AS stock_on_hand,
        sum(reserved) AS stock_reserved,
        exact_sum(hours_out_of_stock) AS stock_hours_out_of_stock,
        -- Counted only where the quantity is known.
        CASE WHEN count(on_hand) > 0
            THEN count(*) FILTER (WHERE on_hand - coalesce(reserved, 0) <= 0) END AS stock_skus_out,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM stock GROUP BY ALL
),
inbound_day AS (
    SELECT ordered_on AS date, merchant_id,
        sum(units_ordered) AS inbound_units_ordered,
        sum(units_received) AS inbound_units_received,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM inbound WHERE ordered_on BETWEEN $from_date AND $to_date GROUP BY ALL
),
storefront_day AS (
    SELECT date, merchant_id,
        sum(visitors) AS storefront_visitors,
        sum(page_views) AS storefront_page_views,
        sum(carts) AS storefront_carts,
        sum(orders) AS storefront_orders,
        sum(buyers) AS storefront_buyers,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM storefront GROUP BY ALL
),
fulfilment_day AS (
    SELECT date, merchant_id,
        sum(orders) AS fulfilment_orders,
        sum(cancelled_by_seller) AS fulfilment_cancelled_by_seller,
        sum(cancelled_by_buyer) AS fulfilment_cancelled_by_buyer,
        sum(dispatched) AS fulfilment_dispatched,
        sum(dispatch_due) AS fulfilment_dispatch_due,
        sum(dispatched_late) AS fulfilment_dispatched_late,
        sum(tracked_valid) AS fulfilment_tracked_valid,
        sum(pickup_due_48h) AS fulfilment_pickup_due_48h,
        sum(picked_up_48h) AS fulfilment_picked_up_48h,
        sum(delivery_due) AS fulfilment_delivery_due,
        sum(delivered_late) AS fulfilment_delivered_late,
        sum(on_time_and_tracked) AS fulfilment_on_time_and_tracked,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM fulfilment GROUP BY ALL
),
service_day AS (
    SELECT date, merchant_id,
        sum(sessions) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_sessions,
        sum(sessions_08_23) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_sessions_08_23,
        sum(replied_3min_08_23) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_replied_3min_08_23,
        sum(first_messages) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_first_messages,
        sum(replied_24h) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_replied_24h,
        sum(replied_48h) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_replied_48h,
        sum(bot_sessions) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_bot_sessions,
        sum(bot_resolved) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_bot_resolved,
        sum(human_sessions) FILTER (WHERE phase = 'pre_sale') AS service_pre_sale_human_sessions,
        exact_sum(if(phase = 'pre_sale', handle_seconds, NULL)) AS service_pre_sale_handle_seconds,
        sum(sessions) FILTER (WHERE phase = 'after_sale') AS service_after_sale_sessions,
        sum(sessions_08_23) FILTER (WHERE phase = 'after_sale') AS service_after_sale_sessions_08_23,
        sum(replied_3min_08_23) FILTER (WHERE phase = 'after_sale') AS service_after_sale_replied_3min_08_23,
        sum(first_messages) FILTER (WHERE phase = 'after_sale') AS service_after_sale_first_messages,
        sum(replied_24h) FILTER (WHERE phase = 'after_sale') AS service_after_sale_replied_24h,
        sum(replied_48h) FILTER (WHERE phase = 'after_sale') AS service_after_sale_replied_48h,
        sum(bot_sessions) FILTER (WHERE phase = 'after_sale') AS service_after_sale_bot_sessions,
        sum(bot_resolved) FILTER (WHERE phase = 'after_sale') AS service_after_sale_bot_resolved,
        sum(human_sessions) FILTER (WHERE phase = 'after_sale') AS service_after_sale_human_sessions,
        exact_sum(if(phase = 'after_sale', handle_seconds, NULL)) AS service_after_sale_handle_seconds,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM service GROUP BY ALL
),
roster_day AS (
    SELECT date, merchant_id,
        exact_sum(agents) AS roster_agent_hours,
        exact_sum(concurrency) / count(concurrency) AS roster_concurrency,
        max(known_on) AS known_on
    FROM roster GROUP BY ALL
),
after_sale_day AS (
    SELECT date, merchant_id,
        sum(orders) AS after_sale_orders,
        sum(defective_orders) AS after_sale_defective_orders,
        sum(defective_buyers) AS after_sale_defective_buyers,
        sum(claims) AS after_sale_claims,
        sum(chargebacks) AS after_sale_chargebacks,
        sum(refunds) AS after_sale_refunds,
        sum(refunds_by_seller_fault) AS after_sale_refunds_by_seller_fault,
        sum(interventions) AS after_sale_interventions,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM after_sale GROUP BY ALL
),
cases_day AS (
    SELECT date, merchant_id,
        sum(cases_closed) AS cases_cases_closed,
        sum(cases_closed_unresolved) AS cases_cases_closed_unresolved,
        sum(refunds_closed) AS cases_refunds_closed,
        exact_sum(refund_hours_sum) AS cases_refund_hours_sum,
        exact_sum(refund_hours_sum_of_squares) AS cases_refund_hours_sum_of_squares,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM cases GROUP BY ALL
),
reviews_day AS (
    SELECT date, merchant_id,
        count(rating) AS reviews_count,
        sum(rating) AS reviews_rating_sum,
        sum(rating * rating) AS reviews_rating_sum_of_squares,
        count(*) FILTER (WHERE rating <= 2) AS reviews_negative,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM reviews WHERE date BETWEEN $from_date AND $to_date GROUP BY ALL
),
surveys_day AS (
    SELECT date, merchant_id,
        count(score) FILTER (WHERE kind = 'nps') AS surveys_nps_count,
        count(*) FILTER (WHERE kind = 'nps' AND score >= 9) AS surveys_nps_promoters,
        count(*) FILTER (WHERE kind = 'nps' AND score <= 6) AS surveys_nps_detractors,
        count(score) FILTER (WHERE kind = 'csat') AS surveys_csat_count,
        count(*) FILTER (WHERE kind = 'csat' AND score >= 4) AS surveys_csat_satisfied,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM surveys WHERE date BETWEEN $from_date AND $to_date GROUP BY ALL
),
consultations_day AS (
    SELECT CAST(started_at AS DATE) AS date, merchant_id,
        count(*) FILTER (WHERE phase = 'pre_sale' AND handled_by = 'bot') AS consultations_pre_sale_bot,
        count(*) FILTER (WHERE phase = 'pre_sale' AND handled_by = 'human') AS consultations_pre_sale_human,
        count(*) FILTER (WHERE phase = 'after_sale' AND handled_by = 'bot') AS consultations_after_sale_bot,
        count(*) FILTER (WHERE phase = 'after_sale' AND handled_by = 'human') AS consultations_after_sale_human,
        max(known_on) AS known_on, max(bucket) AS bucket
    FROM consultations WHERE CAST(started_at AS DATE) BETWEEN $from_date AND $to_date GROUP BY ALL
),
plans_day AS (
    SELECT date, merchant_id,
        max(CAST(open AS DOUBLE)) AS plans_open,
        -- A plan for the whole shop says more than the promotion of one of its products.
        coalesce(max(promotion) FILTER (WHERE sku_id = ''), max(promotion)) AS plans_promotion,
        max(known_on) AS known_on
    FROM plans GROUP BY ALL
),
-- A row exists where a feed of the day itself speaks of the merchant; plans and rosters are dated ahead of it.
spoken AS (
    SELECT date, merchant_id, max(known_on) AS known_on, max(bucket) AS bucket FROM (
        SELECT date, merchant_id, known_on, bucket FROM sales_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM stock_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM inbound_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM storefront_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM fulfilment_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM service_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM after_sale_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM cases_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM reviews_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM surveys_day
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM consultations_day
        -- Rows of the mart whose dates only some feeds speak of anew; the others' columns are taken over afterwards.
        UNION ALL BY NAME SELECT date, merchant_id, known_on, bucket FROM kept
    ) GROUP BY date, merchant_id
)
SELECT
    spoken.date, spoken.merchant_id, spoken.bucket,
    -- Newest of its parts, so that a reader of an earlier day knows which rows were touched later.
    greatest(spoken.known_on, roster_day.known_on, plans_day.known_on) AS known_on,
    strftime(spoken.date, '%Y-%m') AS month,
    sales_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    stock_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    inbound_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    storefront_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    fulfilment_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    service_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    roster_day.* EXCLUDE (date, merchant_id, known_on),
    after_sale_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    cases_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    reviews_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    surveys_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    consultations_day.* EXCLUDE (date, merchant_id, known_on, bucket),
    plans_day.* EXCLUDE (date, merchant_id, known_on)
FROM spoken
LEFT JOIN sales_day USING (date, merchant_id)
LEFT JOIN stock_day USING (date, merchant_id)
LEFT JOIN inbound_day USING (date, merchant_id)
LEFT JOIN storefront_day USING (date, merchant_id)
LEFT JOIN fulfilment_day USING (date, merchant_id)
LEFT JOIN service_day USING (date, merchant_id)
LEFT JOIN roster_day USING (date, merchant_id)
LEFT JOIN after_sale_day USING (date, merchant_id)
LEFT JOIN cases_day USING (date, merchant_id)
LEFT JOIN reviews_day USING (date, merchant_id)
LEFT JOIN surveys_day USING (date, merchant_id)
LEFT JOIN consultations_day USING (date, merchant_id)
LEFT JOIN plans_day USING (date, merchant_id)
WHERE spoken.date BETWEEN $from_date AND $to_date
