"""A document as plain text: every word in reading order, without the form."""

from collections.abc import Iterator

from daemon.documents.model import Annex, Block, Chart, Document, Paragraph, Signature, Style, Table

LEADS = {Style.ITEM: "- ", Style.QUOTE: "> "}


def to_text(document: Document) -> str:
    """The words in reading order, an empty line between paragraphs, a table row on one line (``a | b | c``)."""
    if document.form is not None and document.form.own:
        return document.form.text + "\n"
    paragraphs = [*_head(document), *_blocks(document.blocks), *_foot(document)]
    for annex in document.annexes:
        paragraphs += _annex(annex)
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def _head(document: Document) -> Iterator[str]:
    yield document.letterhead.parent.replace("\n", " ").upper()
    yield document.letterhead.issuer.replace("\n", " ").upper()
    yield document.number_line
    yield document.date_line
    yield f"{document.type_name}\n{document.subject}" if document.type_name else f"V/v {document.subject}"
    yield "\n".join(f"Kính gửi: {one}" for one in document.addressees)


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield LEADS.get(block.style, "") + block.text
        elif isinstance(block, Table):
            yield _table(block)
        else:
            yield _chart(block)


def _table(table: Table) -> str:
    rows = (tuple(column.title for column in table.columns), *table.rows)
    lines = (" | ".join(cell.replace("\n", " ") for cell in row) for row in rows)
    return "\n".join([*([table.caption] if table.caption else []), *lines])


def _chart(chart: Chart) -> str:
    bars = (
        f"{bar.label}: " + ", ".join(f"{name} {part}" for name, part in zip(chart.legend, bar.parts, strict=True))
        for bar in chart.bars
    )
    return "\n".join([chart.caption, *bars])


def _foot(document: Document) -> Iterator[str]:
    if document.left_signature:
        yield _signature(document.left_signature)
    yield _signature(document.signature)
    if document.recipients:
        yield "\n".join(["Nơi nhận:", *document.recipients])


def _signature(signature: Signature) -> str:
    return "\n".join([*signature.lines, signature.name])


def _annex(annex: Annex) -> list[str]:
    return [annex.label, annex.title.upper(), *_blocks(annex.blocks)]
