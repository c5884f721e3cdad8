// What is said of inference.

#include "app/result/csv.h"
#include "app/result/summary.h"
#include "tests/unit/result/inference_reports.h"

#include <catch2/catch.hpp>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

// The line that begins with `name`, without its bar, single blanks between words.
std::string row_of(const std::string& text, const std::string& name) {
    const std::size_t at = text.find("\n" + name);
    if (at == std::string::npos) {
        return "no line begins with '" + name + "'";
    }
    std::string row;
    for (const char c : text.substr(at + 1, text.find('\n', at + 1) - at - 1)) {
        if (c != '#' && (c != ' ' || (!row.empty() && row.back() != ' '))) {
            row += c;
        }
    }
    return row.substr(0, row.find_last_not_of(' ') + 1);
}

}  // namespace

TEST_CASE("a summary of decode has its rate, its bound and its cost") {
    const std::string text = summary_text(inference_run());
    CHECK_THAT(text, Contains("tiny: decode of 40 sequences at a context of 1,000, tensor 4 x data 1 x pipeline"));
    CHECK_THAT(text, Contains("time per output token 10 ms; lower bound without contention 8 ms (80.0 % of it)"));
    CHECK_THAT(text, !Contains("took 10 ms"));
    CHECK_THAT(text, Contains("4,000 tokens/s, 1,000 tokens/s per card; 40 sequences, 40 tokens a step"));
    CHECK_THAT(text, Contains("75.0 % of TPOT"));
    CHECK_THAT(text, Contains("6 ms (60.0 %) at the peak of 2 TB/s"));
    CHECK_THAT(text, Contains("0.2000 USD (0.1000 to 0.4000) a million output tokens; rent of a card 0.72 USD/h"));
}

TEST_CASE("what binds adds up to the step, and operators say what binds them") {
    const std::string text = summary_text(inference_run());
    CHECK(row_of(text, "  HBM ") == "HBM 6 ms 60.0 %");
    CHECK(row_of(text, "  launches of kernels ") == "launches of kernels 2 ms 20.0 %");
    CHECK(row_of(text, "  communication ") == "communication 1.5 ms 15.0 %");
    CHECK(row_of(text, "  bubble ") == "bubble 500 us 5.0 %");
    CHECK(row_of(text, "  mlp_up ") == "mlp_up 7 ms 70.0 % HBM");
    const std::string csv = ops_csv(inference_run());
    CHECK_THAT(csv, Contains("mlp_up,compute,7000000000,28000000000,0.7,HBM\n"));
    CHECK_THAT(csv, Contains("rope,compute,1000000000,4000000000,0.1,launch\n"));
    CHECK_THAT(csv, Contains("tensor,tensor,1500000000,6000000000,0.15,\n"));
}

TEST_CASE("steps that differ, chips without a rent and prefill are told as such") {
    RunReport report = inference_run();
    report.inference->result.longest_step = ms(11);
    report.inference->cost.reset();
    CHECK_THAT(summary_text(report), Contains("took 10 ms to 11 ms"));
    CHECK_THAT(summary_text(report), Contains("not known: the chip's file has no rent"));
    report.inference->result.phase = InferencePhase::prefill;
    report.inference->plan.phase = InferencePhase::prefill;
    report.inference->plan.tokens = 500;
    report.inference->result.first_tokens = ms(20);
    report.inference->result.all_first_tokens = ms(30);
    const std::string text = summary_text(report);
    CHECK_THAT(text, Contains("time to first token 30 ms from idle cards (of the first micro-batch 20 ms)"));
    CHECK_THAT(text, Contains("prefill of 40 x 500 tokens after 1,000"));
    CHECK_THAT(text, !Contains("HBM bound"));
}
