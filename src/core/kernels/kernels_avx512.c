/* kernels_avx512.c: the hot loops for AVX-512. */
#include "bbb.h"

#if defined(BBB_VECTORS) && defined(__x86_64__) && !defined(_WIN32)
#define LANES 16
#define ROWS 8
#define WIDE 2
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma")))
#define TABLE bbb_kernels_avx512
extern const bbb_kernels bbb_kernels_avx512;
#include "kernels_body.h"
#endif
