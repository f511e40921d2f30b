/* kernels_vector.c: the hot loops for what every machine of its kind has. */
#include "bbb.h"

#if defined(__GNUC__)
#define LANES 4
#define WIDE 1
#define TARGET
#define NAME "baseline"
#define TABLE bbb_kernels_vector
extern const bbb_kernels bbb_kernels_vector;
#include "kernels_body.h"
#endif
