// Sequences to sequences with attention: learns to translate pairs of texts. Run it with --help.
#include "dates.hpp"
#include "program.hpp"

int main(int argc, char** argv) {
    const translate::Task task{
        .program = "translate",
        .description =
            "Learns to turn one text into another, with attention: dates as people write them into ISO dates, or your pairs.",
        .answer = "translate",
        .asks = "a date, as you would write it",
        .made = "dates",
        .make = translate::dates,
        .per_epoch = 20'000,
        .held_out = 2000,
        .read = translate::as_it_is,
        .write = translate::as_it_is,
    };
    return translate::program(task, argc, argv);
}
