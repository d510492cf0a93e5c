"""What comes with spaCy, and what does not."""

import subprocess
import sys


def test_spacy_comes_without_torch_which_can_still_be_had():
    """Would catch loaders that spend a second and a quarter of a gigabyte in each process on what they never use."""
    code = (
        "import sys, etl.mentions; assert 'torch' not in sys.modules; "
        "from importlib.util import find_spec; find_spec('torch')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
