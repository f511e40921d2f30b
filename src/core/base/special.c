/* special.c: the special functions that families need beyond the C library's,
 * whose lgamma() writes to a global. From recurrences, asymptotic series and
 * continued fractions (Abramowitz and Stegun 1964, chapters 6 and 26); the
 * incomplete gamma of large a by Temme (1979), SIAM J. Math. Anal. 10. */
#include "bbb.h"

#include <math.h>

enum { TERMS = 100000 };
static const double enough = 1e-16, tiny = 1e-300, large_a = 1e4;

double bbb_sigmoid(double x) {
  const double e = exp(-fabs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

double bbb_exp_held(double x) {
  return exp(x < BBB_EXP_MOST ? x : BBB_EXP_MOST);
}

/* From x >= 10 on, where Stirling's series is exact to the last bits. */
double bbb_log_gamma(double x) {
  double product = 1;
  for (; x < 10; x++) product *= x;
  const double r = 1 / x, r2 = r * r;
  double series = -691.0 / 360360;
  series = series * r2 + 1.0 / 1188;
  series = series * r2 - 1.0 / 1680;
  series = series * r2 + 1.0 / 1260;
  series = series * r2 - 1.0 / 360;
  series = series * r2 + 1.0 / 12;
  return (x - 0.5) * log(x) - x + bbb_half_log_2pi + series * r - log(product);
}

/* The recurrence's 1 / x + 1 / (x + 1) + ... as one fraction */
double bbb_digamma(double x) {
  double above = 0, below = 1;
  for (; x < 10; x++) {
    above = above * x + below;
    below *= x;
  }
  const double r2 = 1 / (x * x);
  double series = 691.0 / 32760;
  series = series * r2 - 1.0 / 132;
  series = series * r2 + 1.0 / 240;
  series = series * r2 - 1.0 / 252;
  series = series * r2 + 1.0 / 120;
  series = series * r2 - 1.0 / 12;
  return log(x) - 0.5 / x + series * r2 - above / below;
}

double bbb_normal_below(double x) { return 0.5 * erfc(-x * bbb_sqrt_half); }

/* ---- incomplete gamma ---- */

/* P(a, x) by its series, for x < a + 1 */
static double gamma_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (int n = 1; n < TERMS && term > sum * enough; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/* Q(a, x) by its continued fraction (Lentz's method), for x >= a + 1 */
static double gamma_fraction(double a, double x) {
  double b = x + 1 - a, c = 1 / tiny, d = 1 / b, value = d;
  for (int n = 1; n < TERMS; n++) {
    const double an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    value *= d * c;
    if (fabs(d * c - 1) < enough) break;
  }
  return value;
}

/* Q(a, x) for large a, by the normal distribution and its first corrections */
static double gamma_above_large(double a, double x) {
  const double mu = (x - a) / a;
  double square = 2 * (mu - log1p(mu));
  if (fabs(mu) < 1e-3) { /* where the two would cancel */
    square = mu * mu * (1 - mu * (2.0 / 3 - mu * (0.5 - mu * (0.4 - mu / 3))));
  }
  const double eta = mu < 0 ? -sqrt(square) : sqrt(square);
  const double c0 =
    -1.0 / 3 +
    eta * (1.0 / 12 +
           eta * (-2.0 / 135 +
                  eta * (1.0 / 864 + eta * (1.0 / 2835 - eta * 139 / 777600))));
  const double c1 =
    -1.0 / 540 + eta * (-1.0 / 288 + eta * (1.0 / 378 - eta * 77 / 77760));
  const double correction =
    exp(-0.5 * a * square) / sqrt(bbb_two_pi * a) * (c0 + c1 / a);
  return bbb_normal_below(-eta * sqrt(a)) + correction;
}

double bbb_gamma_above(double a, double x) {
  if (x <= 0) return 1;
  if (!(x < 1e300)) return 0;
  if (a > large_a) {
    if (x > 1.2 * a) return 0;
    return x < 0.8 * a ? 1 : gamma_above_large(a, x);
  }
  const double scale = exp(a * log(x) - x - bbb_log_gamma(a));
  if (scale == 0) return x < a + 1;
  if (x < a + 1) return 1 - scale * gamma_series(a, x);
  return scale * gamma_fraction(a, x);
}

double bbb_gamma_below(double a, double x) {
  if (x > 0 && a <= large_a && x < a + 1) {
    return exp(a * log(x) - x - bbb_log_gamma(a)) * gamma_series(a, x);
  }
  return 1 - bbb_gamma_above(a, x);
}

/* ---- incomplete beta ---- */

static double away_from_zero(double x) { return fabs(x) < tiny ? tiny : x; }

/* By the continued fraction (Lentz's method), for x < (a + 1) / (a + b + 2) */
static double beta_fraction(double a, double b, double x) {
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d;
  for (int m = 1; m < TERMS; m++) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd =
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    value *= d * c;
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    value *= d * c;
    if (fabs(d * c - 1) < 4 * enough) break;
  }
  return value;
}

/* log of Gamma(a + b) / Gamma(b), times c^a: for large b by Stirling's formula,
 * of which what would cancel is left out. */
static double log_gamma_ratio(double a, double b, double c) {
  if (b < 1e3) return bbb_log_gamma(a + b) - bbb_log_gamma(b) + a * log(c);
  const double r = 1 / b, s = 1 / (a + b);
  const double series = (s - r) / 12 - (s * s * s - r * r * r) / 360;
  return (b - 0.5) * log1p(a / b) - a + a * log((a + b) * c) + series;
}

/* Where b is much larger, the beta is a gamma (Wise 1950, Biometrika 37). */
static int like_gamma(double a, double b) { return b > 1e6 && b > 1e4 * a; }

double bbb_beta_below(double a, double b, double x) {
  if (!(x > 0)) return 0;
  if (!(x < 1)) return 1;
  if (like_gamma(a, b)) {
    return bbb_gamma_below(a, -(b + 0.5 * (a - 1)) * log1p(-x));
  }
  if (like_gamma(b, a)) {
    return bbb_gamma_above(b, -(a + 0.5 * (b - 1)) * log(x));
  }
  const double scale =
    exp(log_gamma_ratio(a, b, x) - bbb_log_gamma(a) + b * log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return scale * beta_fraction(a, b, x) / a;
  return 1 - scale * beta_fraction(b, a, 1 - x) / b;
}

/* By the share of the middle where x^2 is small beside df, and of the tails
 * where it is large. */
double bbb_t_below(double df, double x) {
  const double square = x * x;
  if (square < df) {
    const double middle =
      0.5 * bbb_beta_below(0.5, 0.5 * df, square / (df + square));
    return x < 0 ? 0.5 - middle : 0.5 + middle;
  }
  const double tail = 0.5 * bbb_beta_below(0.5 * df, 0.5, df / (df + square));
  return x < 0 ? tail : 1 - tail;
}
