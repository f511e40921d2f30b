/* checksum.c: a number that tells one set of data from another.
 *
 * Each number is taken in by a map that is one to one, in what came before and
 * in the number: data that differ in one place never have the same sum, others
 * with probability 2^-64. The map is the output of SplitMix64 for the seed
 * sum ^ word (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
 * generators", OOPSLA).
 */
#include "bbb.h"

#include <string.h>

enum { READ = 64, LANES = 4 };

static uint64_t taken(uint64_t sum, uint64_t word) {
  uint64_t z = (sum ^ word) + UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* -0 + 0 is 0. */
static uint64_t word_of(double value) {
  const double plain = value + 0;
  uint64_t word;
  memcpy(&word, &plain, sizeof word);
  return word;
}

/* Four sums side by side, since each step of one waits for the step before. */
static uint64_t column_sum(const bbb_rows *rows, size_t d) {
  uint64_t lane[LANES] = {0, 1, 2, 3};
  double value[READ];
  for (size_t first = 0; first < rows->N; first += READ) {
    const size_t left = rows->N - first, n = left < READ ? left : READ;
    bbb_rows_read(rows, d, first, n, value);
    for (size_t i = n; i % LANES; i++) value[i] = 0;
    for (size_t i = 0; i < n; i += LANES) {
      for (size_t l = 0; l < LANES; l++) {
        lane[l] = taken(lane[l], word_of(value[i + l]));
      }
    }
  }
  for (size_t l = 1; l < LANES; l++) lane[0] = taken(lane[0], lane[l]);
  return lane[0];
}

uint64_t bbb_rows_checksum(const bbb_rows *rows, uint64_t sum) {
  sum = taken(taken(sum, rows->N), rows->D);
  for (size_t d = 0; d < rows->D; d++) sum = taken(sum, column_sum(rows, d));
  return sum;
}
