import os

from models.forecasting.batched_prophet.compiled import compiled, drop_stale


def double(x: float) -> float:
    """Twice."""
    return 2 * x


def test_a_compiled_function_gives_the_same_answer():
    assert compiled(double)(21.0) == 42.0


def test_without_a_folder_to_keep_it_in_it_is_compiled_all_the_same(monkeypatch):
    made = []

    def refuse(cache=False, **options):
        if cache:
            raise RuntimeError("no locator available")
        made.append(options)
        return lambda function: function

    monkeypatch.setattr("models.forecasting.batched_prophet.compiled.njit", refuse)
    assert compiled(double) is double
    assert len(made) == 1


def test_code_kept_before_a_change_of_any_file_is_thrown_away(tmp_path):
    source, cache = tmp_path / "a.py", tmp_path / "__pycache__"
    cache.mkdir()
    source.write_text("")
    for name, age in (("old.nbi", -10), ("new.nbi", 10)):
        (cache / name).write_text("")
        stamp = source.stat().st_mtime + age
        os.utime(cache / name, (stamp, stamp))
    assert drop_stale(tmp_path) == 1
    assert [file.name for file in cache.iterdir()] == ["new.nbi"]
