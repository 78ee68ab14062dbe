from reports.messages.clean import for_chat, plain


def test_plain_is_one_harmless_line():
    assert plain("a\x1b[2J\r\nb\u202ec\x00\u200bd") == "a [2J b c d"
    assert plain(None) == ""
    assert plain("x" * 100, 10) == "x" * 9 + "…"
    assert plain("备货 Café 😀") == "备货 Café 😀"


def test_chat_starts_no_mention_or_link():
    assert for_chat("@all <!channel> [x](http://e)") == "＠all ＜!channel＞ ［x］(http：//e)"


def test_chat_makes_no_link_of_a_bare_address():
    assert for_chat("evil.example https://evil.example/a") == "evil．example https：//evil．example/a"
    assert for_chat("商店.中国 mailto:a@b.io") == "商店．中国 mailto：a＠b．io"
    assert for_chat("12.5% v1.2 No. 3") == "12.5% v1.2 No. 3"
