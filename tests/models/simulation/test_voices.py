import pandas as pd


def test_ids_are_unique_over_all_days(made):
    for feed, name in (("reviews", "review_id"), ("surveys", "response_id"), ("consultations", "session_id")):
        assert made.versions(feed)[name].is_unique


def test_reviews_are_of_own_products_in_the_shops_language(made):
    reviews = made.versions("reviews")
    products = made.versions("products")
    known = set(zip(products.merchant_id, products.sku_id, strict=True))
    assert set(zip(reviews.merchant_id, reviews.sku_id, strict=True)) <= known
    locale = made.versions("merchants").drop_duplicates("merchant_id").set_index("merchant_id").locale
    assert (reviews.language == reviews.merchant_id.map(locale)).all()
    assert reviews.rating.between(1, 5).all()
    assert 4.5 < reviews.rating.mean() < 4.9
    assert 0.4 < reviews.text.notna().mean() < 0.8


def test_surveys_keep_their_scales(made):
    surveys = made.versions("surveys")
    assert surveys[surveys.kind == "nps"].score.between(0, 10).all()
    assert surveys[surveys.kind == "csat"].score.between(1, 5).all()
    assert set(surveys.kind) == {"nps", "csat"}


def test_chats_begin_on_their_day(made):
    for day, table in made.files["consultations"].items():
        started = pd.to_datetime(table.column("started_at").to_pandas())
        assert (started.dt.date == day).all()
    chats = made.versions("consultations")
    assert set(chats.handled_by) == {"bot", "human"}
    assert len(made.files["consultations"]) == 7


def test_better_sellers_get_more_reviews(made):
    reviews = made.versions("reviews").groupby(["merchant_id", "sku_id"]).size()
    sold = made.versions("sales").groupby(["merchant_id", "sku_id"]).units.sum()
    both = pd.concat([reviews, sold], axis=1, keys=["reviews", "sold"]).dropna()
    assert both.corr(method="spearman").iloc[0, 1] > 0.3
