"""scipy's fit of a gaussian to the rows on stdin, with and without errors of the points, as JSON."""
import json
import sys

import numpy as np
from scipy.optimize import curve_fit

rows = json.load(sys.stdin)
x = np.array([row["motor"] for row in rows])
y = np.array([row["det"] for row in rows])


def gaussian(x, amplitude, center, sigma, background):
    return background + amplitude * np.exp(-(((x - center) / sigma) ** 2) / 2)


results = {}
for name, sigma in {"scatter": None, "sqrt": np.sqrt(y)}.items():
    values, covariance = curve_fit(gaussian, x, y, [100, 12, 2, 50], sigma=sigma, absolute_sigma=sigma is not None)
    residuals = (y - gaussian(x, *values)) / (1 if sigma is None else sigma)
    results[name] = {
        "values": values.tolist(),
        "uncertainties": np.sqrt(np.diag(covariance)).tolist(),
        "chi": float((residuals**2).sum() / (len(x) - 4)),
    }
print(json.dumps(results))
