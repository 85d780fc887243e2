"""Draws run files as bluesky's BestEffortCallback draws them with matplotlib: bluesky_views.py OUT_DIR NAME=RUN.jsonl ...

Writes OUT_DIR/NAME-bluesky.png with all figures of the run one below the other, and prints as JSON how many figures there were.
"""
import io
import json
import sys
import warnings

import matplotlib

matplotlib.use("Agg")
warnings.simplefilter("ignore")
import matplotlib.pyplot as plt
from bluesky.callbacks.best_effort import BestEffortCallback
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

# Only the last frame is looked at: without this, each event draws all figures anew, which takes minutes.
FigureCanvasAgg.draw_idle = lambda self, *args, **kwargs: None
FigureCanvasAgg.draw = (lambda draw: lambda self: draw(self) if SAVING else None)(FigureCanvasAgg.draw)
SAVING = False


def figures():
    global SAVING
    SAVING = True
    pictures = []
    for number in plt.get_fignums():
        buffer = io.BytesIO()
        plt.figure(number).savefig(buffer, dpi=100)
        pictures.append(Image.open(buffer).convert("RGB"))
    SAVING = False
    return pictures


def draw(out, name, path):
    plt.close("all")
    best_effort = BestEffortCallback()
    best_effort.disable_table()
    said = ""
    try:
        for line in open(path):
            document_name, document = json.loads(line)
            best_effort(document_name, document)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:200]
    pictures = figures()
    if pictures:
        width = max(p.width for p in pictures)
        whole = Image.new("RGB", (width, sum(p.height for p in pictures)), "white")
        y = 0
        for picture in pictures:
            whole.paste(picture, (0, y))
            y += picture.height
        if whole.width > 900:
            whole = whole.resize((900, round(whole.height * 900 / whole.width)))
        whole.quantize(64).save(f"{out}/{name}-bluesky.png", optimize=True)
    return {"figures": len(pictures), "error": said}


out, *cases = sys.argv[1:]
print(json.dumps({case.split("=")[0]: draw(out, *case.split("=", 1)) for case in cases}, default=str))
# Our pictures have few colours as well, but they are written with all.
for case in cases:
    path = f"{out}/{case.split('=')[0]}-ours.png"
    Image.open(path).convert("RGB").quantize(96).save(path, optimize=True)
