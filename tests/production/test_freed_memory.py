import subprocess
import sys

import pytest

LEFT = """
import sys, threading
import numpy as np
import psutil
from interview_audio.machine import return_freed_memory

def work():
    kept = []
    for number in range(40):
        large = np.ones(12_000_000, np.uint8)
        kept.append(np.ones(1000, np.uint8))
        del large
    return kept

process = psutil.Process()
picture = np.ones(27_000_000, np.uint8)
del picture
if sys.argv[1] == "returned":
    return_freed_memory()
before = process.memory_info().rss
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(process.memory_info().rss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc's allocator is told")
def test_what_threads_freed_after_a_large_picture_is_not_kept():
    def left(how):
        return int(subprocess.run([sys.executable, "-c", LEFT, how], capture_output=True, check=True).stdout)

    assert left("returned") < left("kept") / 2
