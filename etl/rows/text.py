"""Bytes to lines of text: the encoding is found as the file is read, and a broken sign does not stop it.

A sign that cannot be decoded becomes a lone surrogate, one for each byte, as Python's ``surrogateescape`` has it. The
readers see it when they write the row's canonical bytes, and give that row as a bad one.
"""

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from schema.errors import InputError

CHUNK = 1 << 20
LONGEST_LINE = 1 << 26
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BROKEN = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
# UTF-8 is kept while at most one in so many of the signs beyond ASCII is broken: real GB18030 breaks most of them.
_MOST_BROKEN = 4


def _broken(data: bytes, encoding: str) -> tuple[int, int]:
    """Count the bytes that cannot be decoded, and the signs beyond ASCII that can."""
    text = codecs.getincrementaldecoder(encoding)("surrogateescape").decode(data)
    broken = len(BROKEN.findall(text))
    return broken, len(_FOREIGN.findall(text)) - broken


def _likely(data: bytes) -> str | None:
    """Tell UTF-8 from GB18030 by a stretch with signs beyond ASCII; None where it is neither."""
    broken, whole = _broken(data, "utf-8")
    if not broken:
        return "utf-8"
    other_broken, other_whole = _broken(data, "gb18030")
    if other_broken * _MOST_BROKEN <= other_whole and broken * _MOST_BROKEN > whole:
        return "gb18030"
    # A few broken rows in a file that is ASCII otherwise: the rows are bad, not the file.
    return "utf-8" if broken * _MOST_BROKEN <= whole or broken * 20 <= len(data) + 160 else None


class _Decoder:
    """Decodes pieces strictly, and again with surrogates only where that fails; ``broken`` tells which it was."""

    def __init__(self, encoding: str) -> None:
        self._strict = codecs.getincrementaldecoder(encoding)("strict")
        self._lenient = codecs.getincrementaldecoder(encoding)("surrogateescape")
        self.broken = False

    def decode(self, data: bytes, *, final: bool = False) -> str:
        state = self._strict.getstate()
        try:
            text = self._strict.decode(data, final)
            self.broken = False
        except UnicodeDecodeError:
            self._lenient.setstate(state)
            text = self._lenient.decode(data, final)
            self._strict.setstate(self._lenient.getstate())
            self.broken = True
        return text


class Text:
    """The lines of a byte stream.

    Arguments:
        stream: where the bytes come from.
        encoding: a codec's name, or None to find it: a byte order mark tells it; else everything is ASCII until the
            first other byte, and the stretch around that byte tells UTF-8 from GB18030.
        where: the file's name, for messages.

    Errors: InputError, naming the line, where the bytes are neither, change from one to the other, or have no lines.
    """

    def __init__(self, stream: IO[bytes], encoding: str | None, *, where: str) -> None:
        self.encoding = encoding
        self._stream = stream
        self._where = where
        self._line = 0
        if encoding is not None:
            try:
                codecs.lookup(encoding)
            except LookupError as error:
                raise InputError(f"encoding '{encoding}' is unknown", "utf-8 or gb18030", where=where) from error

    def chunks(self) -> Iterator[str]:
        """Give the text in pieces of about a mebibyte, cut anywhere; a byte order mark is left out."""
        data = self._stream.read(CHUNK)
        named = self.encoding is not None
        for mark, encoding in _BOMS:
            if data.startswith(mark) and (self.encoding or encoding).replace("_", "-").lower().startswith(encoding[:5]):
                self.encoding, named = encoding, True
                data = data[len(mark) :] if encoding == "utf-8" else data
                break
        decoder: _Decoder | None = None
        while data:
            if decoder is None and (named or not data.isascii()):
                if not named:
                    self.encoding = self._settled(data)
                decoder = _Decoder(self.encoding or "utf-8")
            if decoder is None:
                yield data.decode("ascii")
            else:
                text = decoder.decode(data)
                if decoder.broken and not named:
                    self._recheck(data)
                yield text
            self._line += data.count(b"\n")
            data = self._stream.read(CHUNK)
        if decoder is not None and (rest := decoder.decode(b"", final=True)):
            yield rest
        self.encoding = self.encoding or "utf-8"

    def _settled(self, data: bytes) -> str:
        likely = None if b"\x00" in data else _likely(data)
        if likely is None:
            raise InputError("the bytes are neither UTF-8 nor GB18030", "the encoding option", where=self._place(data))
        return likely

    def _recheck(self, data: bytes) -> None:
        likely = _likely(data)
        if likely != self.encoding:
            given = f"the bytes were {self.encoding} and are {likely or 'something else'} from here"
            raise InputError(given, "one encoding, or the encoding option", where=self._place(data))

    def _place(self, data: bytes) -> str:
        first = next((at for at, byte in enumerate(data) if byte > 127 or byte == 0), 0)
        line = self._line + data.count(b"\n", 0, first) + 1
        return f"{self._where}:{line}"

    def lines(self) -> Iterator[str]:
        r"""Give the lines with their ends, cut at ``\n``, ``\r`` and ``\r\n`` only."""
        rest = ""
        for chunk in self.chunks():
            text = rest + chunk if rest else chunk
            cut = text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1
            rest = text[cut:]
            if cut:
                yield from io.StringIO(text[:cut], newline="")
            elif len(rest) > LONGEST_LINE:
                raise InputError(f"line {self._line + 1} is longer than 64 MiB", "a file of lines", where=self._where)
        if rest:
            yield from io.StringIO(rest, newline="")

    def bytes_of(self, text: str) -> bytes:
        """Give back the bytes that the text was decoded from; those of UTF-16 and UTF-32 as UTF-8."""
        wide = (self.encoding or "").lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
        try:
            return text.encode("utf-8" if wide else self.encoding or "utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return text.encode("utf-8", "surrogatepass")
