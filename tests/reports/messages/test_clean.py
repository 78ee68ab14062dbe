from reports.messages.clean import for_chat, plain


def test_plain_is_one_harmless_line():
    assert plain("a\x1b[2J\r\nb\u202ec\x00\u200bd") == "a [2J b c d"
    assert plain(None) == ""
    assert plain("x" * 100, 10) == "x" * 9 + "…"
    assert plain("备货 Café 😀") == "备货 Café 😀"


def test_chat_starts_no_mention_or_link():
    assert for_chat("@all <!channel> [x](http://e)") == "＠all ＜!channel＞ ［x］(http://e)"
