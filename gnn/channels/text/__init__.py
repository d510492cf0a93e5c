"""Text channel: postings to vectors (equations 5 to 8)."""

from gnn.channels.text.adaptation import Adaptation, adapt
from gnn.channels.text.artifact import TextArtifact, attended, encode, read, write
from gnn.channels.text.config import TextConfig
from gnn.channels.text.corpus import Corpus, posting_text
from gnn.channels.text.encoding import monthly
from gnn.channels.text.pretraining import Pretraining, pretrain
from gnn.channels.text.tokens import Memory

__all__ = [
    "Adaptation",
    "Corpus",
    "Memory",
    "Pretraining",
    "TextArtifact",
    "TextConfig",
    "adapt",
    "attended",
    "encode",
    "monthly",
    "posting_text",
    "pretrain",
    "read",
    "write",
]
