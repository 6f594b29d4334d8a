#include <string>
#include <vector>

#include "errors/table.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

const std::vector<Index> ids{0, 1}, shorter{0}, outside{0, 2}, no_ids;
const Standardizer of_two = Standardizer::deserialize("1 2\n3 4\n");
const Mat<double> narrow = Mat<double>::Zero(1, 1), two_columns = Mat<double>::Ones(2, 2),
                  spoilt_columns = Mat<double>::Constant(2, 2, inf);
const std::vector<std::vector<Index>> two_steps{ids, shorter};
const auto of_two_steps = batches(two_steps, ids);
const detail::EncodedPairs of_no_pairs({}, {}, Vocabulary("", {.bos = true, .eos = true}));

}  // namespace

Rows data_rows() {
    return {
        {"accuracy", "predicted, targets", "accuracy: predicted has 2 entries, targets has 1",
         [](World&) { accuracy(ids, shorter); }},
        {"accuracy", "predicted, targets", "accuracy: predicted and targets are empty",
         [](World&) { accuracy(no_ids, no_ids); }},
        {"Confusion", "classes", "Confusion: classes is 0, not positive", [](World&) { Confusion(0); }},
        {"Confusion", "classes", "Confusion: classes is empty", [](World&) { Confusion(std::vector<std::string>()); }},
        {"Confusion", "classes", "Confusion: there are two classes \"a\"",
         [](World&) {
             Confusion(std::vector<std::string>{"a", "b", "a"});
         }},
        {"Confusion::add", "target", "Confusion::add: target is 2, outside 0..1", [](World&) { Confusion(2).add(2, 0); }},
        {"Confusion::add", "predicted", "Confusion::add: predicted is -1, outside 0..1",
         [](World&) { Confusion(2).add(0, -1); }},
        {"Confusion::add", "targets", "Confusion::add: target is 2, outside 0..1",
         [](World&) { Confusion(2).add(outside, ids); }},
        {"Confusion::add", "targets, predicted", "Confusion::add: targets has 1 classes, predicted has 2",
         [](World&) { Confusion(2).add(shorter, ids); }},
        {"Confusion::accuracy", "", "Confusion::accuracy: nothing was added", [](World&) { Confusion(2).accuracy(); }},
        {"Confusion::macro_f1", "", "Confusion::macro_f1: nothing was added", [](World&) { Confusion(2).macro_f1(); }},
        {"Confusion::precision", "k", "Confusion::precision: k is 2, outside 0..1", [](World&) { Confusion(2).precision(2); }},
        {"Confusion::recall", "k", "Confusion::recall: k is 2, outside 0..1", [](World&) { Confusion(2).recall(2); }},
        {"Confusion::f1", "k", "Confusion::f1: k is -1, outside 0..1", [](World&) { Confusion(2).f1(-1); }},

        {"windows_before", "steps", "windows_before: steps is 0, not positive",
         [](World&) { windows_before(two_columns, 0, ids); }},
        {"windows_before", "series, ends", "windows_before: end 0 is 0, outside 1..2, the steps of a window and of the series",
         [](World&) { windows_before(two_columns, 1, ids); }},
        {"windows_before", "series, ends", "windows_before: end 1 is 3, outside 2..2, the steps of a window and of the series",
         [](World&) {
             windows_before(two_columns, 2, std::vector<Index>{2, 3});
         }},
        {"values_after", "targets", "values_after: targets is 3, outside 1..2, the features of the series",
         [](World&) { values_after(two_columns, 3, 1, ids); }},
        {"values_after", "horizon", "values_after: horizon is 0, not positive",
         [](World&) { values_after(two_columns, 2, 0, ids); }},
        {"values_after", "series, ends", "values_after: end 1 is 1, outside 0..0, as the series has 2 steps and the horizon 2",
         [](World&) { values_after(two_columns, 2, 2, ids); }},
        {"Standardizer::fit", "values", "Standardizer::fit: values are 0x0, empty",
         [](World&) { Standardizer::fit(Mat<double>()); }},
        {"Standardizer::fit", "values", "Standardizer::fit: row 0, column 0 is inf, not finite",
         [](World&) { Standardizer::fit(spoilt_columns); }},
        {"Standardizer::fit", "values", "Standardizer::fit: the deviation of row 0 is ...not finite; its values are too large",
         [](World&) { Standardizer::fit(Eigen::RowVector2d(-1.7e308, 1.7e308)); }},
        {"Standardizer::fit", "sequences", "Standardizer::fit: no sequences",
         [](World&) { Standardizer::fit(std::vector<Mat<double>>()); }},
        {"Standardizer::fit", "sequences", "Standardizer::fit: sequence 0 is 1x1, sequence 1 is 2x2",
         [](World&) {
             Standardizer::fit(std::vector{narrow, two_columns});
         }},
        {"Standardizer::fit", "sequences", "Standardizer::fit: sequence 1: row 0, column 0 is inf, not finite",
         [](World&) {
             Standardizer::fit(std::vector{two_columns, spoilt_columns});
         }},
        {"Standardizer::scaled", "values", "Standardizer::scaled: values are 1x1, for 2 features",
         [](World&) { of_two.scaled(narrow); }},
        {"Standardizer::scaled", "values", "Standardizer::scaled: row 0, column 0: inf becomes inf, not finite",
         [](World&) { of_two.scaled(spoilt_columns); }},
        {"Standardizer::scaled", "values, rows",
         "Standardizer::scaled: values are 2x2, not a multiple of the 3 rows that are listed",
         [](World&) {
             of_two.scaled(two_columns, {1, 0, 1});
         }},
        {"Standardizer::scaled", "rows", "Standardizer::scaled: feature 2 is outside 0..1",
         [](World&) {
             of_two.scaled(two_columns, {1, 2});
         }},
        {"Standardizer::original", "values", "Standardizer::original: values are 1x1, for 2 features",
         [](World&) { of_two.original(narrow); }},
        {"Standardizer::original", "values", "Standardizer::original: row 0, column 0: inf becomes inf, not finite",
         [](World&) { of_two.original(spoilt_columns); }},
        {"Standardizer::original", "values, rows",
         "Standardizer::original: values are 2x2, not a multiple of the 3 rows that are listed",
         [](World&) {
             of_two.original(two_columns, {1, 0, 1});
         }},
        {"Standardizer::original", "rows", "Standardizer::original: feature -1 is outside 0..1",
         [](World&) {
             of_two.original(two_columns, {1, -1});
         }},
        {"Standardizer::deserialize", "text",
         "Standardizer::deserialize: line 2: \"3 0\" is not a mean and a positive deviation",
         [](World&) { Standardizer::deserialize("1 2\n3 0\n"); }},

        {"Buckets", "items", "pair_batches: no pairs", [](World&) { PairBatches("pair_batches", of_no_pairs, {}); }},
        {"Buckets", "options", "pair_batches: batch is -1, not positive",
         [](World&) { PairBatches("pair_batches", of_no_pairs, {.batch = -1}); }},
        {"Buckets::from", "k", "Buckets::from: k is 2, of 1 batches", [](World&) { of_two_steps.from(2); }},
        {"Buckets::from", "k", "Buckets::from: k is -1, of 1 batches", [](World&) { of_two_steps.from(-1); }},
        {"batches", "sequences, targets", "batches: 2 sequences, 1 targets", [](World&) { batches(two_steps, shorter); }},
        {"batches", "sequences, targets", "batches: sequence 1 has 1 steps, its targets 2",
         [](World&) {
             batches(two_steps, std::vector{ids, ids});
         }},
        {"batches", "sequences", "batches: no sequences", [](World&) { batches(std::vector<Mat<double>>(), no_ids); }},
        {"batches", "sequences", "batches: sequence 0 is 1x1, sequence 1 is 2x2",
         [](World&) {
             batches(std::vector{narrow, two_columns}, ids);
         }},
        {"batches", "sequences", "batches: sequence 1: row 0, column 0 is inf, not finite",
         [](World&) {
             batches(std::vector{two_columns, spoilt_columns}, ids);
         }},
        {"batches", "targets", "batches: target 0: row 0, column 0 is inf, not finite",
         [](World&) {
             batches(std::vector{two_columns, two_columns}, std::vector{spoilt_columns, two_columns});
         }},
        {"batches", "targets", "batches: targets: row 0, column 0 is inf, not finite",
         [](World&) {
             batches(std::vector{two_columns, two_columns}, spoilt_columns);
         }},
        {"batches", "targets", "batches: 2 sequences, targets of 3",
         [](World&) {
             batches(two_steps, std::vector{ids, ids, ids});
         }},
        {"batches", "options", "batches: batch is 0, not positive", [](World&) { batches(two_steps, ids, {.batch = 0}); }},
    };
}
