// Answers questions, one at a time: an encoder-decoder with attention that learns from dialogues. Run it with --help.
#include "../translate/program.hpp"
#include "dialogues.hpp"

int main(int argc, char** argv) {
    const translate::Task task{
        .program = "chat",
        .description = "Learns to answer: from dialogues that are made up, or from your questions and answers.",
        .answer = "talk",
        .asks = "a question; it remembers nothing of those before",
        .made = "dialogues",
        .make = chat::dialogues,
        .per_epoch = 20'000,
        .held_out = 2000,
        .read = chat::words_of,
        .write = chat::sentence_of,
        .unit = "word",
        .copied = chat::is_slot,
    };
    return translate::program(task, argc, argv);
}
