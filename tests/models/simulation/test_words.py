import numpy as np

from models.simulation.words import product_name_codes, product_name_table, shop_names


def test_every_language_and_category_has_names(made):
    platform, words = made.simulation.platform, made.simulation._words
    locales, categories = list(platform.world.locales), list(platform.world.categories)
    for locale in locales:
        for category in categories:
            assert words.shops[locale].words[category]
            assert words.products[locale].names(category)
    assert set(words.reviews) == set(words.questions) == set(locales)


def test_names_are_in_the_shops_language(made):
    names = shop_names(made.simulation._words, ["zh-CN", "en"], ["Books", "Pets"], np.random.default_rng(1))
    assert any("一" <= letter <= "鿿" for letter in names[0])
    assert names[1].isascii()


def test_products_of_a_shop_do_not_share_a_name(made):
    _, starts = product_name_table(made.simulation._words, ["zh-CN"], ["Books"])
    number = np.arange(500)
    codes = product_name_codes(starts, np.zeros(500, int), np.zeros(500, int), number)
    assert len(np.unique(codes)) == 500
