"""`python -m config check FILE` as an official sees it."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from config.__main__ import main
from config.os_words import in_words

ROOT = Path(__file__).parents[2]


@pytest.fixture
def broken_file(tmp_path: Path, small: str) -> Path:
    """A hall file with an error on line 20 and a warning."""
    file = tmp_path / "broken.yaml"
    file.write_text(
        small.replace("letter: B", "letter: A").replace("distance_m: 8", "distance_m: 30"), encoding="utf-8"
    )
    return file


def test_a_good_file_gives_its_summary_in_chinese(yangxin_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0; zones with their windows by position, kiosks, boards, voices."""
    assert main(["check", str(yangxin_file)]) == 0

    out = capsys.readouterr().out
    assert "阳新县市民之家（yangxin）" in out
    assert "A         社会事务区        一楼大厅" in out
    assert "受理 24  预审 2  出证 2  潮汐 2" in out
    assert "不设窗口的岗位  引导 12  流转 5  区域主管 2" in out
    assert "取号机          kiosk-1, kiosk-2, kiosk-3" in out
    assert "叫号规则\n  - 谁的视同到达时间最早，就先叫谁。\n" in out
    assert "\n支援与潮汐规则\n  - 有授权支援其他业务的窗口" in out
    assert out.endswith(f"{yangxin_file} 可以使用。\n")


def test_a_good_file_gives_its_summary_in_english(yangxin_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same in English, without one Chinese sentence of ours."""
    assert main(["check", str(yangxin_file), "--language", "en"]) == 0

    out = capsys.readouterr().out
    assert "Yangxin Citizens' Home (yangxin)" in out
    assert "acceptance 24  pre-check 2  pickup 2  tidal 2" in out
    assert out.endswith(f"{yangxin_file} is good.\n")
    assert not [letter for letter in out if "\u4e00" <= letter <= "\u9fff"]


def test_a_broken_file_gives_findings_and_exit_code_1(broken_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors and warnings are told with their places and counted; no summary of a hall that cannot run."""
    assert main(["check", str(broken_file), "--language", "en"]) == 1

    assert capsys.readouterr().out.splitlines() == [
        f"{broken_file}:20:13  error  letter A is already that of 社会事务",
        "    Mend  Take a letter that nobody has, such as B.",
        f"{broken_file}:79:17  warning  at 30 m this board has room for 1 calls of readable size, at least 3 belong",
        "    Mend  Take a bigger screen, or put the farthest seat at 14.0 m or nearer.",
        "",
        f"{broken_file} cannot be used. Errors: 1, warnings: 1.",
    ]


def test_findings_come_in_chinese_by_default(broken_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese first."""
    assert main(["check", str(broken_file)]) == 1

    out = capsys.readouterr().out
    assert "错误  字母 A 已经给了“社会事务”\n    改法  换一个没人用的字母，例如 B。" in out
    assert out.endswith(f"{broken_file} 不能使用：错误 1 处，提醒 1 处。\n")


def test_a_file_that_is_not_there_gives_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong path is a finding."""
    assert main(["check", str(tmp_path / "none.yaml"), "--language=en"]) == 1

    assert "there is no such file" in capsys.readouterr().out


TEXT = (ROOT / "config" / "halls" / "village.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("raw", "problem", "mend"),
    [
        (b"", "这个文件是空的", "python -m config new"),
        (b" \r\n\n", "这个文件是空的", "yangxin.yaml"),
        ("\ufeff".encode(), "这个文件是空的", "yangxin.yaml"),
        (b"PK\x03\x04\x00\x00", "这不是文本文件，可能是表格、文档或图片", "纯文本"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "这不是文本文件，可能是表格、文档或图片", "纯文本"),
        (TEXT.encode("gb18030"), "文件是国标编码（GBK，记事本里叫“ANSI”），不是 UTF-8", "UTF-8"),
        (TEXT.encode("utf-16"), "文件是 UTF-16 编码（记事本里叫“Unicode”），不是 UTF-8", "UTF-8"),
        (b"id: x\nname: \xff\xff\n", "文件不是 UTF-8 编码", "UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes, problem: str, mend: str
) -> None:
    """Empty, a spreadsheet, a picture, saved by Notepad in another encoding: one finding that says what to do."""
    file = tmp_path / "hall.yaml"
    file.write_bytes(raw)

    assert main(["check", str(file)]) == 1

    said, advised = capsys.readouterr().out.splitlines()[:2]
    assert said.endswith(f"错误  {problem}")
    assert mend in advised


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folder", "这是文件夹，不是文件"),
        ("x" * 300, "文件名太长"),
        ("hall.yaml/x", "路径里有一段是文件，不是文件夹"),
        ("a\0b", "没有文件能叫这个名字"),
    ],
)
def test_the_systems_complaints_come_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    """No 'Is a directory' in a Chinese answer."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "hall.yaml").touch()

    assert main(["check", str(tmp_path / name)]) == 1

    assert f"文件读不出来：{words}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("trouble", "zh", "en"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "没有权限", "no permission"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满", "the disk is full"),
        (
            OSError(errno.EXDEV, "Cross-device link"),
            "系统提示“Cross-device link”",
            "the system says 'Cross-device link'",
        ),
    ],
)
def test_troubles_of_the_system_have_words(trouble: OSError, zh: str, en: str) -> None:
    """The common ones in both languages, a rare one as the system says it."""
    assert (in_words(trouble).say("zh"), in_words(trouble).say("en")) == (zh, en)


@pytest.mark.parametrize(
    ("written", "advised"),
    [
        ("Asia/Beijing", "请写 Asia/Shanghai"),
        ("北京时间", "请写 Asia/Shanghai"),
        ("UTC+8", "请写 Asia/Shanghai"),
        ("Shanghai", "Asia/Shanghai"),
        ("Europe/Warschau", "Europe/Warsaw"),
    ],
)
def test_a_wrong_time_zone_gets_the_right_one(
    tmp_path: Path, small: str, capsys: pytest.CaptureFixture[str], written: str, advised: str
) -> None:
    """Whoever writes Beijing's time is told what it is called; a slip gets the nearest name."""
    file = tmp_path / "hall.yaml"
    file.write_text(f"timezone: {written}\n{small}", encoding="utf-8")

    assert main(["check", str(file)]) == 1

    said = capsys.readouterr().out
    assert f"没有“{written}”这个时区" in said
    assert advised in said.split("改法")[1].splitlines()[0]


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check"], ["check", "a.yaml", "--language", "fr"]])
def test_a_wrong_command_line_gives_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """No subcommand, a misspelt one, no file, a language there is not."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)

    assert stop.value.code == 2
    assert "usage: python -m config" in capsys.readouterr().err


def test_the_help_speaks_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese without being asked, English when asked."""
    for arguments, wanted in (
        (["check", "--help"], "检查一个大厅配置文件。"),
        (["check", "--language=en", "--help"], "Check a hall file."),
    ):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 0
        assert wanted in capsys.readouterr().out


def test_it_runs_as_a_program_on_a_console_that_knows_no_chinese(broken_file: Path) -> None:
    """On an ASCII console the command still answers, with its exit code and no stack trace."""
    run = subprocess.run(
        [sys.executable, "-m", "config", "check", str(broken_file)],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr == ""
    assert f"{broken_file}:20:13" in run.stdout


@pytest.mark.parametrize("file", sorted((ROOT / "config" / "halls").glob("*.yaml")), ids=lambda file: file.stem)
def test_every_shipped_hall_passes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever hall is added to the folder is checked from then on."""
    assert main(["check", str(file), "--language", "en"]) == 0, capsys.readouterr().out
