"""What a function would do that calls ffmpeg: fetches a master, hashes it, has ffmpeg make the four renditions in one
process and from one decode, with the master's loudness, and sends them. Prints what that took, without starting Python.

ffmpeg_function.py ENDPOINT BUCKET KEY SHA256 BITS PREFIX
"""

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config


def main() -> None:
    endpoint, bucket, key, expected, bits, prefix = sys.argv[1:]
    config = Config(
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    s3 = boto3.client("s3", endpoint_url=endpoint, config=config)
    with tempfile.TemporaryDirectory() as folder:
        begun, before = time.monotonic(), used()
        work(s3, Path(folder), bucket, key, expected, bits, prefix)
        took = {"wall": time.monotonic() - begun, "cpu": used() - before}
    # The function's own memory and ffmpeg's are there at the same time.
    memory = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    json.dump({**took, "memory": memory * 1024}, sys.stdout)


def used() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def work(s3, folder: Path, bucket: str, key: str, expected: str, bits: str, prefix: str) -> None:
    master = folder / f"master{Path(key).suffix}"
    s3.download_file(bucket, key, str(master))
    with master.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != expected:
            sys.exit("the master is not what it should be")
    depth = ["-bits_per_raw_sample", "24"] if bits == "24" else []
    graph = (
        "[0:a]asplit=5[flac][b][c][d][e];"
        "[e]ebur128=peak=true+sample:framelog=verbose,anullsink;"
        "[b]aresample=44100:osf=s16:dither_method=triangular[wav];"
        "[c]aresample=44100[mp3];"
        "[d]atrim=60:90,afade=t=in:d=0.5,afade=t=out:st=88.5:d=1.5,aresample=44100[preview]"
    )
    command = [
        *["ffmpeg", "-nostdin", "-y", "-v", "error", "-nostats", "-i", str(master), "-filter_complex", graph],
        *["-map", "[flac]", "-c:a", "flac", "-compression_level", "5", *depth, str(folder / "a.flac")],
        *["-map", "[wav]", "-c:a", "pcm_s16le", str(folder / "a.wav")],
        *["-map", "[mp3]", "-c:a", "libmp3lame", "-b:a", "320k", str(folder / "a.mp3")],
        *["-map", "[preview]", "-c:a", "libmp3lame", "-b:a", "128k", str(folder / "preview.mp3")],
    ]
    subprocess.run(command, check=True)
    for name in ("a.flac", "a.wav", "a.mp3", "preview.mp3"):
        s3.upload_file(str(folder / name), bucket, f"{prefix}/{name}")


main()
