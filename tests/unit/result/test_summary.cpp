#include "app/result/aligned_table.h"
#include "app/result/summary.h"
#include "app/result/words.h"
#include "tests/unit/result/reports.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

namespace myriad {
namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t widest_line(const std::string& text) {
    std::size_t widest = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        widest = std::max(widest, line.size());
    }
    return widest;
}

TEST_CASE("numbers are told with four digits and in groups of three") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(-1234567) == "-1,234,567");
    CHECK(figure(0.0) == "0");
    CHECK(figure(541.29) == "541.3");
    CHECK(figure(8661.4) == "8,661");
    CHECK(figure(123456.0) == "123,500");  // 123.456 thousand
    CHECK(figure(0.0012345678) == "0.001235");
    CHECK(percent(0.0) == "0.0 %");
    CHECK(percent(0.0004) == "<0.1 %");
    CHECK(percent(0.7125) == "71.2 %");  // 71.25 rounds to even
}

TEST_CASE("groups of a dimension that run alike are one line, whichever came first") {
    const AlgorithmChoice ring{CollectiveAlgorithm::ring, "r"};
    const AlgorithmChoice direct{CollectiveAlgorithm::direct, "d"};
    const std::vector<AlgorithmGroup> groups = algorithm_groups({{"tp[1]", CollectiveOp::all_gather, ring},
                                                                 {"tp[0]", CollectiveOp::all_gather, ring},
                                                                 {"tp[2]", CollectiveOp::all_gather, direct},
                                                                 {"dp[0]", CollectiveOp::all_reduce, ring}});
    REQUIRE(groups.size() == 3);
    CHECK(groups[0].dimension == "dp");
    CHECK(groups[0].groups == 1);
    CHECK(groups[1].dimension == "tp");
    CHECK(groups[1].groups == 2);
    CHECK(groups[1].choice.algorithm == CollectiveAlgorithm::ring);
    CHECK(groups[2].choice.algorithm == CollectiveAlgorithm::direct);
}

TEST_CASE("tables align figures to the right and drop empty columns") {
    AlignedTable table({{"name", Align::left}, {"none"}, {"time"}});
    table.add({"a", "", "1 s"});
    table.add({"longer", "", "100 s"});
    CHECK(table.text(1) ==
          " name     time\n"
          " a         1 s\n"
          " longer  100 s\n");
}

TEST_CASE("paragraphs break at blanks and keep long words whole") {
    CHECK(paragraph("ab", "cd ef gh", 4, 9) == "ab  cd ef\n    gh\n");
    CHECK(paragraph("", "abcdefghij k", 2, 6) == "  abcdefghij\n  k\n");
    CHECK(paragraph("label", "", 7, 20) == "label\n");
}

// Every share is the mean over the step of 10 s; the bar has 40 characters for the whole step: 6 s are 24.
TEST_CASE("a training summary tells where the time goes") {
    const std::string text = summary_text(training_run());
    INFO(text);
    CHECK(contains(text,
                   "Where the time goes (mean over 4 cards)\n"
                   "                           time  of step\n"
                   "  compute                   6 s   60.0 %  ########################\n"
                   "    mlp_up                  4 s   40.0 %  ################\n"
                   "    attention               2 s   20.0 %  ########\n"
                   "  exposed communication     2 s   20.0 %  ########\n"
                   "    tensor                  1 s   10.0 %  ####\n"
                   "    pipeline             500 ms    5.0 %  ##\n"
                   "    data                 250 ms    2.5 %  #\n"
                   "    model                250 ms    2.5 %  #\n"
                   "  bubble                  1.5 s   15.0 %  ###### (ideal pipeline: 20.0 %)\n"
                   "  optimizer              500 ms    5.0 %  ##\n"
                   "  tensor collectives took 3 s, 2 s of it hidden beside kernels\n"
                   "  data collectives took 250 ms, none of it hidden beside kernels\n"));
}

TEST_CASE("a training summary begins with what was run and how fast") {
    const std::string text = summary_text(training_run());
    INFO(text);
    CHECK(text.substr(0, text.find("MFU")) ==
          "A step, by hand\n"
          "\n"
          "cluster      four, 4 cards\n"
          "plan         tiny: tensor 1 x data 2 x pipeline 2, 8 sequences of 4,096 tokens, 4 micro-batches of 1\n"
          "fidelity     network packet (cells of 1 MiB), card roofline\n"
          "\n"
          "step time    10 s; lower bound without contention 8 s (80.0 % of it)\n"
          "throughput   3,277 tokens/s, 819.2 tokens/s per card; 32,768 tokens a step\n");
    CHECK(contains(text, "MFU          40.0 % of 400 TFLOP/s (the peak of 4 cards)"));
    CHECK(contains(text, "             45.0 % with the masked pairs counted too"));
    CHECK(contains(text, "HFU          50.0 %"));
    CHECK(widest_line(text) <= 100);
}

TEST_CASE("the hardware utilisation is left out where it says nothing new") {
    RunReport report = training_run();
    report.training->result.hfu = report.training->result.mfu;
    CHECK_FALSE(contains(summary_text(report), "HFU"));
}

TEST_CASE("a training summary tells the memory of each stage") {
    // stage 0: 1 + 2 + 3 + 1 + 1 = 8 of 16 GiB; stage 1: 6.5 GiB and 1 KiB, 40.6 %
    const std::string text = summary_text(training_run());
    INFO(text);
    CHECK(contains(text,
                   "Memory of a card, by pipeline stage (16 GiB each)\n"
                   "  stage   weights  gradients  optimizer  activations  transient     total  of card\n"
                   "      0  1.00 GiB   2.00 GiB   3.00 GiB     1.00 GiB   1.00 GiB  8.00 GiB   50.0 %\n"
                   "      1  1.00 GiB   2.00 GiB   3.00 GiB     0.50 GiB      1 KiB  6.50 GiB   40.6 %\n"));
}

TEST_CASE("of many operators and stages the largest are told and the others counted") {
    RunReport report = training_run();
    TrainingReport& training = *report.training;
    training.result.operators.clear();
    for (int i = 0; i < 13; ++i) {  // 13 of 100 ms: 10 and 3 others with 300 ms
        training.result.operators.push_back({"op" + std::to_string(i), ms(100), ms(400)});
    }
    const MemoryUse full = training.memory[0];
    training.memory.assign(20, training.memory[1]);
    training.memory[19] = full;
    const std::string text = summary_text(report);
    INFO(text);
    CHECK(contains(text, "    op9                  100 ms"));
    CHECK_FALSE(contains(text, "op10"));
    CHECK(contains(text, "    3 other operators    300 ms"));
    CHECK(contains(text, "     19  1.00 GiB   2.00 GiB   3.00 GiB     1.00 GiB   1.00 GiB  8.00 GiB   50.0 %\n"));
    CHECK(contains(text, "  4 stages that hold no more: see result.json\n"));
}

TEST_CASE("a summary tells the network and what the result rests on") {
    const std::string text = summary_text(training_run());
    INFO(text);
    CHECK(text.substr(text.find("Busiest")) ==
          "Busiest links (1 of 1 that carried anything; one direction each)\n"
          "  from           to             class  per direction    busy  carried  longest wait\n"
          "  server0.card0  server0.card1  icn          50 GB/s  25.0 %    1 MiB          3 us\n"
          "\n"
          "network      10 messages with 10 MiB, 20 packet hops, 30 SystemC modules, 1,234 events, 10 s\n"
          "             simulated\n"
          "algorithms   dp (2 groups) all_reduce: picked ring: two neighbours\n"
          "laws         1 held: every queue is empty\n"
          "\n"
          "assumptions  2 values of the input are assumed, 1 of them within a range\n"
          "  value           is  range\n"
          "  chip.latency  3 us  1 us to 6 us\n"
          "  chip.fixed    1 us\n"
          "\n"
          "not modelled - weather\n");
}

TEST_CASE("the analytic level has no packets to tell of") {
    RunReport report = training_run();
    report.fidelity.network = NetworkLevel::analytic;
    const std::string text = summary_text(report);
    CHECK(contains(text, "fidelity     network analytic, card roofline\n"));
    CHECK(contains(text, "network      1,234 events, 10 s simulated\n"));
    CHECK_FALSE(contains(text, "longest wait"));
}

TEST_CASE("long lists of links and assumptions are cut and say so") {
    RunReport report = collective_run();
    report.links.assign(9, report.links.front());
    report.assumed.assign(15, report.assumed.front());
    const std::string text = summary_text(report);
    CHECK(contains(text, "Busiest links (5 of 9 that carried"));
    CHECK(contains(text, "  5 more in result.json\n"));  // 15 - 10
}

TEST_CASE("a summary of collectives holds their table") {
    const std::string text = summary_text(collective_run());
    INFO(text);
    CHECK(contains(text, "# Avg bus bandwidth    : 15\n"));
    CHECK(contains(text, "algorithms   world all_reduce: ring, as the scenario says\n"));
    CHECK_FALSE(contains(text, "Where the time goes"));
    CHECK(widest_line(text) <= 100);
}

}  // namespace
}  // namespace myriad
