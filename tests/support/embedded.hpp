#pragma once

#include "bptt/nets/embedding.hpp"

/// A layer over an embedding.
template <class L> struct Embedded {
    bptt::Embedding<double> embed;
    L layer;
    BPTT_PARAMS(embed, layer)
};
