def test_fonts_are_a_warning_and_a_browser_is_a_hint(ward):
    ward.equip(has_chinese_font=lambda: False, chromium=lambda: None)
    assert [(one.id, one.severity) for one in ward.of("printing")] == [
        ("printing.fonts", "warning"), ("printing.chromium", "hint"),
    ]  # fmt: skip
