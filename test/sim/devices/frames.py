"""Reads the frames of a run as bluesky's users do: documents in (JSON lines), what the files hold out."""

import json
import sys
from urllib.parse import unquote, urlparse

import numpy
from bluesky.consolidators import consolidator_factory
from PIL import Image

descriptors, resources, consolidators = {}, {}, {}
for line in sys.stdin:
    name, doc = json.loads(line)
    if name == 'descriptor':
        descriptors[doc['uid']] = doc
    elif name == 'stream_resource':
        resources[doc['uid']] = doc
    elif name == 'stream_datum':
        uid = doc['stream_resource']
        if uid not in consolidators:
            consolidators[uid] = consolidator_factory(resources[uid], descriptors[doc['descriptor']])
        consolidators[uid].consume_stream_datum(doc)
(consolidator,) = consolidators.values()
frames = [numpy.asarray(Image.open(unquote(urlparse(asset.data_uri).path))) for asset in consolidator.assets]
brightest = numpy.unravel_index(frames[-1].argmax(), frames[-1].shape)
print(
    json.dumps(
        {
            'key': consolidator.data_key,
            'shape': consolidator.shape,
            'dtype': str(numpy.dtype(consolidator.data_type.to_numpy_dtype())),
            'frame': [*frames[0].shape, str(frames[0].dtype)],
            'sums': [int(frame.sum(dtype='u8')) for frame in frames],
            'brightest': [int(i) for i in brightest],
        }
    )
)
