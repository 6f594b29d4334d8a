#pragma once

// A distortion of guitars, in C's terms, as the firmware of a pedal would call it.

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes of constants, and bytes that change.
extern const unsigned effect_constants, effect_memory;

/// n samples of 48 kHz in, n out; both may be one place.
void effect_process(const float* in, float* out, unsigned n);

/// From silence on.
void effect_reset(void);

#ifdef __cplusplus
}
#endif
