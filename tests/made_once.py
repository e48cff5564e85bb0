"""Papers and compiled templates of the same content are made once a process: hundreds of tests want the same ones.

Both are functions of their input alone, which tests of their own prove without this.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.documents import stored_papers
from daemon.documents.forms import own_forms
from daemon.letters import compose
from daemon.letters.compose import Templates
from daemon.letters.views import LetterHead

PAPERS = 200


class InMemory(BytecodeCache):
    """Compiled templates by their source."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled of this source before."""
        if kept := self.compiled.get((bucket.key, bucket.checksum)):
            bucket.load_bytecode(io.BytesIO(kept))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self.compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@cache
def begin() -> None:
    """From now on, in this process."""
    made, compiled = compose.environment, dict[str, InMemory]()

    def environment(templates: Templates, letter_head: LetterHead) -> ImmutableSandboxedEnvironment:
        env = made(templates, letter_head)
        said = repr(
            (
                letter_head.regulation,
                sorted(letter_head.clauses.items()),
                sorted(letter_head.cited.items()),
                sorted(letter_head.laws),
            )
        )
        env.bytecode_cache = compiled.setdefault(said, InMemory())  # jinja compiles what a filter makes of a constant
        return env

    compose.environment = environment
    stored_papers.docx_of = lru_cache(PAPERS)(stored_papers.docx_of)
    stored_papers.pdf_of = lru_cache(PAPERS)(stored_papers.pdf_of)
    own_forms.written_in = lru_cache(PAPERS)(own_forms.written_in)
