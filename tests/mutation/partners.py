"""Words of which one becomes the other, at one place at a time."""

LAYOUTS = [("start", "width"), ("place", "sequence")]
# By folder.
PARTNERS = {
    "cells": [("i", "f"), ("g", "o"), ("r", "u"), ("xr", "xu"), ("hr", "hn"), ("Wx", "Wh"), ("Pi", "Pf"),
              ("Po", "Pi"), ("s.h", "s.c")],
    "kernels": [("i", "f"), ("g", "o"), ("u", "n"), ("u", "reset"), ("Pi", "Pf"), ("Po", "Pi"), ("h0", "c0"), ("s.h", "s.c"),
                ("carry_h", "carry_c"), ("before", "state"), ("rows", "columns"), ("upper", "lower")],
    "nets": [("Wt", "Wh"), ("bt", "bh"), ("forward", "backward"), ("ahead", "back"), ("keys", "projected"),
             ("context", "weights"), *LAYOUTS],
    "ops": [("a", "b"), ("rowwise", "colwise")],
    "core": LAYOUTS,
    "autograd": LAYOUTS,
    "sequence": LAYOUTS,
    "train": [("beta1", "beta2"), ("unbias1", "unbias2"), ("rest1", "rest2"), ("keep", "rest"),
              ("rate", "least"), ("inputs", "targets"), ("cwiseMin", "cwiseMax")],
    "text": [("source", "target"), ("sources_", "framed_"), ("bos", "eos"), ("unk", "bos"), ("unk_", "bos_"), ("bos_", "eos_"),
             ("escaped", "escapes"), ("first", "fewer"), ("b", "t")],
    "inspect": [("left", "right"), ("top", "bottom"), ("left", "top"), ("right", "bottom"), ("x", "y"), ("i", "j"),
                ("row", "column"), ("row_labels", "column_labels"), ("rows()", "cols()"), ("light", "dark"), ("name", "shape")],
    "io": [("begin", "end"), ("begin_", "end_"), ("rows()", "cols()"), ("key", "value"), ("first", "second"),
           ("st_uid", "st_gid"), ("At::shape", "At::data_offsets"), ("At::in_shape", "At::in_offsets"), ("target_", "folder_"),
           ("At::header", "At::metadata")],
}
PARTNERS["live"] = PARTNERS["cells"] + [("packets", "voices"), ("reset", "update"), ("inputs", "units"), ("matrix", "rows")]
PARTNERS["models"] = PARTNERS["nets"]
EVERYWHERE = [("min", "max"), ("sigmoid", "tanh"), ("true", "false"), ("continue", "break")]
