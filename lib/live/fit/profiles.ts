/** Special functions of the fitted shapes. */

/** The error function, with an absolute error below 1e-12: its series, or its continued fraction far out. */
export function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let term = size;
    let sum = size;
    for (let n = 1; n < 60 && Math.abs(term) > 1e-17 * sum; n++) {
      term *= -(size ** 2) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-(size ** 2)) / Math.sqrt(Math.PI) / (size + fraction));
}

/** Points of the rational approximation of the Faddeeva function. */
const TERMS = 32;
const LENGTH = Math.sqrt(TERMS / Math.SQRT2);
const COEFFICIENTS = coefficients();

/**
 * The Voigt profile, up to a factor: the real part of the Faddeeva function at (x + i gamma) / (sigma √2), by
 * the rational approximation of Weideman, SIAM J. Numer. Anal. 31 (1994) 1497. With sigma = 0 it is a
 * lorentzian.
 */
export function voigtProfile(sigma: number, gamma: number): (x: number) => number {
  if (sigma <= 1e-9 * gamma || sigma === 0) return (x) => gamma / (x ** 2 + gamma ** 2);
  const unit = sigma * Math.SQRT2;
  return (x) => faddeevaReal(x / unit, gamma / unit);
}

function faddeevaReal(x: number, y: number): number {
  // With z = x + iy: w = 2 p(Z) / (L - iz)² + 1 / (√π (L - iz)), where Z = (L + iz) / (L - iz).
  const [a, b] = [LENGTH + y, -x];
  const norm = a ** 2 + b ** 2;
  const [c, d] = [LENGTH - y, x];
  const [zr, zi] = [(c * a + d * b) / norm, (d * a - c * b) / norm];
  let [pr, pi] = [0, 0];
  for (let n = TERMS - 1; n >= 0; n--) {
    const real = pr * zr - pi * zi + (COEFFICIENTS[n] as number);
    pi = pr * zi + pi * zr;
    pr = real;
  }
  const [sr, si] = [a ** 2 - b ** 2, 2 * a * b];
  return (2 * (pr * sr + pi * si)) / norm ** 2 + a / norm / Math.sqrt(Math.PI);
}

/** The coefficients of p(Z): a discrete Fourier transform of exp(-t²) (L² + t²) at t = L tan(θ / 2). */
function coefficients(): number[] {
  const points = 2 * TERMS;
  const values = Array.from({ length: 2 * points - 1 }, (_, i) => {
    const theta = ((i - points + 1) * Math.PI) / points;
    const t = LENGTH * Math.tan(theta / 2);
    return { theta, f: Math.exp(-(t ** 2)) * (LENGTH ** 2 + t ** 2) };
  });
  return Array.from({ length: TERMS }, (_, n) => {
    const sum = values.reduce((all, { theta, f }) => all + f * Math.cos((n + 1) * theta), 0);
    return sum / (2 * points);
  });
}
