/* kernels_vector.c: the hot loops for what every machine of its kind has. */
#include "bbb.h"

#if defined(BBB_VECTORS)
#define LANES 4
#if defined(__aarch64__)
#define ROWS 8
#else
#define ROWS 4
#endif
#define WIDE 2
#define TARGET
#define TABLE bbb_kernels_vector
extern const bbb_kernels bbb_kernels_vector;
#include "kernels_body.h"
#endif
