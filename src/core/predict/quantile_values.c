/* quantile_values.c: quantiles of values, by selection. */
#include "bbb.h"

static void swap(double *a, double *b) {
  const double moved = *a;
  *a = *b;
  *b = moved;
}

/* Brings the values below the pivot to the front, or, where `ties`, those no
 * larger; returns how many. No branch hangs on a value: half of them would be
 * guessed wrong. */
static size_t part(size_t n, double *value, double pivot, int ties) {
  size_t front = 0;
  for (size_t i = 0; i < n; i++) {
    const double now = value[i];
    value[i] = value[front];
    value[front] = now;
    front += (size_t)((now < pivot) | (ties & (now == pivot)));
  }
  return front;
}

static double median_of_three(double a, double b, double c) {
  if (a > b) swap(&a, &b);
  return c < a ? a : c > b ? b : c;
}

/* Heapsort, where selection does not get on. */
static void sift_down(double *value, size_t root, size_t n) {
  const double moved = value[root];
  for (;;) {
    size_t child = 2 * root + 1;
    if (child >= n) break;
    if (child + 1 < n && value[child + 1] > value[child]) child++;
    if (value[child] <= moved) break;
    value[root] = value[child];
    root = child;
  }
  value[root] = moved;
}

static void sort(size_t n, double *value) {
  for (size_t i = n / 2; i-- > 0;) sift_down(value, i, n);
  for (size_t i = n; i-- > 1;) {
    swap(value, value + i);
    sift_down(value, 0, i);
  }
}

/* Puts the value that has k smaller ones at value[k], no larger ones before and
 * no smaller ones after it. */
static void place(size_t n, double *value, size_t k) {
  for (int i = 0; n > 8 && i < 64; i++) {
    const double pivot = median_of_three(value[0], value[n / 2], value[n - 1]);
    const size_t less = part(n, value, pivot, 0);
    if (k < less) {
      n = less;
      continue;
    }
    const size_t same = part(n - less, value + less, pivot, 1);
    if (k < less + same) return;
    value += less + same;
    n -= less + same;
    k -= less + same;
  }
  sort(n, value);
}

double bbb_quantile_values(size_t S, double *value, double prob) {
  const double at = prob * (double)(S - 1);
  const size_t k = (size_t)at;
  place(S, value, k);
  if (k + 1 >= S) return value[k];
  double next = value[k + 1];
  for (size_t s = k + 2; s < S; s++) {
    next = value[s] < next ? value[s] : next;
  }
  return value[k] + (at - (double)k) * (next - value[k]);
}
