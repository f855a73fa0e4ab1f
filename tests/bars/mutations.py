"""Sound files spoilt by chance, one seed each: what disks, networks, editors and other programs do to them."""

from __future__ import annotations

import gzip
import lzma
import random
from collections.abc import Callable, Iterator
from functools import cache, partial

from tests.bars.broken import Broken, log_rows, log_text
from tests.bars.hand_packed import TABLE, rezipped, zipped
from tests.dashboard.intake.messy_workbooks import ods, xls, xlsx

Spoil = Callable[[bytes, random.Random], bytes]
_JUNK = (b"", b'"', b"\0", b"\r", b"\n", b",", b";", b"\t", b"\xff", b"\xef\xbb\xbf", b"=1+1", "\u202e".encode(), b"'", b"\\", b"\x1a")


@cache
def sound_files() -> dict[str, bytes]:
    """Return files that can all be read."""
    text = log_text(60)
    people = "ID;Alter;Umsatz;Stadt\n" + "".join(f"k{i:03};{20 + i % 50};{i * 13},5{i % 10};Köln\n" for i in range(80))
    quoted = "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in TABLE)
    spaced = "".join(f"{i:05} 1997{i % 12 + 1:02}{i % 27 + 1:02} {i % 3 + 1} {i % 30}.99\n" for i in range(80))
    return {
        "log.csv": text.encode(),
        "people.csv": people.encode("cp1252"),
        "quoted.csv": quoted.encode("utf-8-sig"),
        "wide.csv": text.encode("utf-16"),
        "spaced.txt": spaced.encode(),
        "tabs.tsv": log_text(60, "\t", "\r\n").encode(),
        "book.xlsx": xlsx({"Data": (TABLE[0], *log_rows(60))}),
        "book.ods": ods({"Data": TABLE}),
        "book.xls": xls({"Data": TABLE}),
        "log.csv.gz": gzip.compress(text.encode(), mtime=0),
        "log.csv.xz": lzma.compress(text.encode()),
        "log.zip": zipped({"log.csv": text.encode()}),
    }


def mutated(n: int = 240) -> Iterator[Broken]:
    """Yield so many spoilt files: every sound file in turn, spoilt in one to three ways."""
    names = list(sound_files())
    for seed in range(n):
        draw = random.Random(seed)
        file = names[seed % len(names)]
        ways = [draw.choice(_ways_for(file)) for _ in range(draw.choice((1, 1, 2, 3)))]
        called = draw.choice((file, file, file, "renamed.csv", "renamed.xlsx", "renamed.txt", "renamed.xls"))
        title = f"{seed}: {file} as {called}, {' and '.join(way.__name__ for way in ways)}"
        yield Broken(title, called, partial(_spoil, file, tuple(ways), seed))


def _spoil(file: str, ways: tuple[Spoil, ...], seed: int) -> bytes:
    draw, content = random.Random(seed + 1_000), sound_files()[file]
    for way in ways:
        content = way(content, draw)
    return content


def _ways_for(file: str) -> list[Spoil]:
    everywhere: list[Spoil] = [truncated, flipped, block_lost, block_doubled, block_zeroed, junk_in_front, junk_behind, shuffled_blocks]
    lines: list[Spoil] = [
        lines_doubled,
        lines_lost,
        quotes_dropped,
        delimiters_changed,
        junk_amid,
        encodings_mixed,
        cells_emptied,
        lines_joined,
    ]
    parts: list[Spoil] = [part_cut, part_lost, part_flipped, part_doubled]
    if file.endswith((".xlsx", ".ods", ".zip")):
        return [*everywhere[:5], *parts, *parts]
    return everywhere if file.endswith((".gz", ".xz", ".xls")) else [*everywhere, *lines, *lines]


def truncated(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content) + 1)]


def flipped(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.choice((1, 3, 20)) if changed else 0):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _block(content: bytes, draw: random.Random) -> tuple[int, int]:
    start = draw.randrange(len(content) + 1)
    return start, min(len(content), start + draw.choice((1, 16, 200, 1_000)))


def block_lost(content: bytes, draw: random.Random) -> bytes:
    start, end = _block(content, draw)
    return content[:start] + content[end:]


def block_doubled(content: bytes, draw: random.Random) -> bytes:
    start, end = _block(content, draw)
    return content[:end] + content[start:]


def block_zeroed(content: bytes, draw: random.Random) -> bytes:
    start, end = _block(content, draw)
    return content[:start] + bytes(end - start) + content[end:]


def junk_in_front(content: bytes, draw: random.Random) -> bytes:
    return draw.choice(_JUNK) * draw.choice((1, 5)) + content


def junk_behind(content: bytes, draw: random.Random) -> bytes:
    return content + draw.choice(_JUNK) * draw.choice((1, 50))


def shuffled_blocks(content: bytes, draw: random.Random) -> bytes:
    blocks = [content[i : i + 512] for i in range(0, len(content), 512)]
    draw.shuffle(blocks)
    return b"".join(blocks)


def _with_lines(content: bytes, change: Callable[[bytes], bytes], draw: random.Random, share: float = 0.15) -> bytes:
    return b"".join(change(line) if draw.random() < share else line for line in content.splitlines(keepends=True))


def lines_doubled(content: bytes, draw: random.Random) -> bytes:
    return _with_lines(content, lambda line: line * 2, draw)


def lines_lost(content: bytes, draw: random.Random) -> bytes:
    return _with_lines(content, lambda _: b"", draw)


def lines_joined(content: bytes, draw: random.Random) -> bytes:
    return _with_lines(content, lambda line: line.rstrip(b"\r\n"), draw)


def quotes_dropped(content: bytes, draw: random.Random) -> bytes:
    return _with_lines(content, lambda line: line.replace(b'"', b"", 1) if b'"' in line else line.replace(b",", b',"', 1), draw)


def delimiters_changed(content: bytes, draw: random.Random) -> bytes:
    other = draw.choice((b";", b",", b"\t", b"|", b""))
    return _with_lines(content, lambda line: line.replace(b",", other).replace(b";", other), draw)


def junk_amid(content: bytes, draw: random.Random) -> bytes:
    def change(line: bytes) -> bytes:
        place = draw.randrange(len(line) + 1)
        return line[:place] + draw.choice(_JUNK) + line[place:]

    return _with_lines(content, change, draw)


def encodings_mixed(content: bytes, draw: random.Random) -> bytes:
    return _with_lines(
        content,
        lambda line: line.rstrip(b"\r\n") + draw.choice(("é", "ß", "Ж", "日")).encode(draw.choice(("utf-8", "utf-16-le"))) + b"\n",
        draw,
    )


def cells_emptied(content: bytes, draw: random.Random) -> bytes:
    return _with_lines(content, lambda line: b"," * line.count(b",") + b"\n", draw)


def part_cut(content: bytes, draw: random.Random) -> bytes:
    return _with_part(content, draw, lambda part: part[: draw.randrange(len(part) + 1)])


def part_flipped(content: bytes, draw: random.Random) -> bytes:
    return _with_part(content, draw, lambda part: flipped(part, draw))


def part_doubled(content: bytes, draw: random.Random) -> bytes:
    return _with_part(content, draw, lambda part: block_doubled(part, draw))


def part_lost(content: bytes, draw: random.Random) -> bytes:
    return _with_part(content, draw, None)


def _with_part(content: bytes, draw: random.Random, change: Callable[[bytes], bytes] | None) -> bytes:
    """Change one part of an archive; what is no archive any more stays as it is."""
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = draw.choice(archive.namelist())
        return rezipped(content, {name: change})
    except (zipfile.BadZipFile, IndexError, OSError, ValueError, RuntimeError, NotImplementedError):
        return content
    except Exception as error:
        if type(error).__module__ == "zlib":
            return content
        raise
