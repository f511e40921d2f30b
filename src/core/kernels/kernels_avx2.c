/* kernels_avx2.c: the hot loops for AVX2 with FMA. */
#include "bbb.h"

#if defined(BBB_VECTORS) && defined(__x86_64__) && !defined(_WIN32)
#define LANES 8
#define ROWS 4
#define WIDE 2
#define TARGET __attribute__((target("avx2,fma")))
#define TABLE bbb_kernels_avx2
extern const bbb_kernels bbb_kernels_avx2;
#include "kernels_body.h"
#endif
