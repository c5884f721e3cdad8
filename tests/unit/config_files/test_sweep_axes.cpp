// Axes of sweeps: the ways to write one, whole parts swapped, and axes that get in each other's way.

#include "app/config_files/load.h"
#include "tests/unit/config_files/sweep_text.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace myriad;
using namespace myriad::test;
using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("a range is an axis whose labels are its values") {
    const Sweep sweep =
        sweep_of(collective_sweep("axes:\n  - {name: total, path: cluster.server.link_total, range: {from: 350 GB/s, "
                                  "to: 1400 GB/s, factor: 2x}}\n"));
    REQUIRE(labels_of(sweep.axes[0]) == Strings{"350 GB/s", "700 GB/s", "1400 GB/s"});
    CHECK(sweep.points[1].overrides == Strings{"cluster.server.link_total=700 GB/s"});
    CHECK(sweep.axes[0].values[1].number == 700e9);
    // Nothing asked: the main results of a collective.
    CHECK(sweep.columns == Strings{"time", "busbw"});
}

TEST_CASE("zipped paths move together") {
    const Sweep sweep = sweep_of(collective_sweep(R"(axes:
  - name: size and level
    zip:
      - {path: workload.collective.sizes, values: [[1 MiB], [4 MiB], [16 MiB]]}
      - {path: seed, range: {from: 1, to: 3, steps: 3}}
)"));
    REQUIRE(sweep.points.size() == 3);
    CHECK(labels_of(sweep.axes[0]) == Strings{"[1 MiB] / 1", "[4 MiB] / 2", "[16 MiB] / 3"});
    CHECK(sweep.points[2].overrides == Strings{"workload.collective.sizes=[16 MiB]", "seed=3"});
}

TEST_CASE("one sweep has training, all-reduce and all-to-all as loads") {
    const std::string text = training_sweep(R"(axes:
  - name: load
    role: load
    choices:
      - name: training
      - {name: all-reduce, with: {workload: {collective: {op: all_reduce, sizes: [64 MiB]}}}}
      - {name: all-to-all, with: {fidelity: {network: flow}, workload: {collective: {op: all_to_all, sizes: [1 MiB]}}}}
  - {name: server, path: cluster.server, values: [ppu-16, {base: ppu-16, link_total: 1400 GB/s}]}
objectives: [step_time, busbw]
)");
    const std::string file =
        (std::filesystem::temp_directory_path() / ("myriad_loads_" + std::to_string(getpid()) + ".yaml")).string();
    std::ofstream(file) << text;
    ::setenv("MYRIAD_CONFIGS", source_path("configs").c_str(), 1);
    const Sweep sweep = load_sweep(file).value.sweep;
    REQUIRE(sweep.points.size() == 6);
    CHECK(sweep.axes[0].role == AxisRole::load);
    CHECK(sweep.axes[1].role == AxisRole::design);
    CHECK(sweep.points[0].overrides == Strings{"cluster.server=ppu-16"});

    const Loaded<Scenario> training = load_sweep_point(file, {}, sweep.points[0].overrides);
    CHECK(std::holds_alternative<TrainingWorkload>(training.value.workload));
    const Loaded<Scenario> reduce = load_sweep_point(file, {}, sweep.points[3].overrides);
    CHECK(std::get<CollectiveWorkload>(reduce.value.workload).op == CollectiveOp::all_reduce);
    CHECK(reduce.value.fidelity.network == NetworkLevel::analytic);
    const Loaded<Scenario> exchange = load_sweep_point(file, {}, sweep.points[4].overrides);
    CHECK(std::get<CollectiveWorkload>(exchange.value.workload).op == CollectiveOp::all_to_all);
    CHECK(exchange.value.fidelity.network == NetworkLevel::flow);
    std::filesystem::remove(file);
}

TEST_CASE("a part of a scenario is merged, replaced by a base, or by nothing") {
    const std::string text = training_sweep(R"(axes:
  - name: plan
    choices:
      - {name: merged, with: {workload: {training: {plan: {micro_batch: 2}}}}}
      - name: replaced
        with:
          workload: {training: {plan: {base: none, tensor_parallel: 8, pipeline_parallel: 1, data_parallel: 2,
                                       micro_batch: 4, global_batch: 8}}}
)");
    const std::string file =
        (std::filesystem::temp_directory_path() / ("myriad_parts_" + std::to_string(getpid()) + ".yaml")).string();
    std::ofstream(file) << text;
    ::setenv("MYRIAD_CONFIGS", source_path("configs").c_str(), 1);
    const Sweep sweep = load_sweep(file).value.sweep;
    const auto plan_of = [&](std::size_t point) {
        return std::get<TrainingWorkload>(load_sweep_point(file, {}, sweep.points[point].overrides).value.workload)
            .plan;
    };
    CHECK(plan_of(0).micro_batch == 2);
    CHECK(plan_of(0).tensor_parallel == 4);
    CHECK(plan_of(0).global_batch == 32);
    CHECK(plan_of(1).tensor_parallel == 8);
    CHECK(plan_of(1).global_batch == 8);
    std::filesystem::remove(file);
}

TEST_CASE("axes that set the same value are told, unless they never meet") {
    const std::string two = R"(axes:
  - {name: a, path: seed, values: [1, 2]}
  - {name: b, path: seed, values: [3, 4]}
)";
    CHECK_THAT(wrong_with(collective_sweep(two)), Contains("sweep.yaml:10:12: error: axes 'a' and 'b' both set seed"));
    CHECK_THAT(wrong_with(collective_sweep(R"(axes:
  - {name: total, path: cluster.server.link_total, values: [350 GB/s, 700 GB/s]}
  - {name: server, path: cluster.server, values: [ppu-8, ppu-16]}
)")),
               Contains("axis 'server' replaces cluster.server, in which axis 'total' sets "
                        "cluster.server.link_total before; put 'total' after 'server'"));
    CHECK_THAT(wrong_with(training_sweep(R"(axes:
  - {name: tp, path: workload.training.plan.tensor_parallel, values: [4, 8]}
  - name: load
    choices: [{name: step}, {name: reduce, with: {workload: {collective: {op: all_reduce, sizes: [1 MiB]}}}}]
)")),
               Contains("but a point has one workload; say with 'when' where an axis applies"));
    CHECK(wrong_with(training_sweep(R"(axes:
  - {name: micro, path: workload.training.plan.micro_batch, values: [1, 2], when: {load: step}}
  - {name: size, path: workload.collective.sizes, values: [[1 MiB], [2 MiB]], when: {load: reduce}}
  - name: load
    choices: [{name: step}, {name: reduce, with: {workload: {collective: {op: all_reduce, sizes: [1 MiB]}}}}]
)"))
              .find("both set workload.collective.sizes") != std::string::npos);  // at 'reduce' both do
}

TEST_CASE("an axis applies where its 'when' says and is inert elsewhere") {
    const Sweep sweep = sweep_of(training_sweep(R"(axes:
  - name: load
    role: load
    choices: [{name: step}, {name: reduce, with: {workload: {collective: {op: all_reduce, sizes: [1 MiB]}}}}]
  - {name: micro, path: workload.training.plan.micro_batch, values: [1, 2], when: {load: st*}}
  - {name: seed, path: seed, values: [1, 2]}
)"));
    CHECK(point_names(sweep) == Strings{"step/1/1", "step/1/2", "step/2/1", "step/2/2", "reduce/-/1", "reduce/-/2"});
    CHECK(labels_of(sweep.axes[1]) == Strings{"1", "2", "-"});
    CHECK(sweep.points[5].overrides == Strings{"workload={collective: {op: all_reduce, sizes: [1 MiB]}}", "seed=2"});
    CHECK(sweep.notes.empty());
    // Results of both kinds are legal.
    CHECK(sweep.columns == Strings{"step_time", "tokens_per_second", "mfu", "memory_share", "time", "busbw"});
}

TEST_CASE("the effective sweep reads back to the same points") {
    const std::string text = training_sweep(R"(axes:
  - {name: tensor, as: tp, path: workload.training.plan.tensor_parallel, range: {from: 1, to: 16, factor: 2x}}
  - {name: pp, path: workload.training.plan.pipeline_parallel, values: [1, 2, 4, 8, 16]}
  - {name: latency, path: workload.training.plan.host_issue, range: {from: 1 us, to: 9 us, scale: log}}
  - name: load
    role: load
    choices: [{name: step}, {name: other, with: {seed: 2, fidelity: {cell: 64 KiB}}}]
derive:
  - {path: workload.training.plan.data_parallel, value: 16 / (tp * pp), as: dp}
require: [tp * pp * dp == 16, dp <= 8]
skip: [{tensor: 16}]
sample: {points: 12, seed: 7}
baseline: {tensor: 4, pp: 2, latency: 2 us}
objectives: [step_time]
constraints: [memory_share <= 90 %, step_time < 10 s]
halving: {stages: [{name: rough, set: [fidelity.network=analytic], keep: 25 %}, {name: fine, set: [fidelity.network=packet]}]}
)");
    const ReadSweep first = read_text(text);
    const ReadSweep second = read_text(first.effective);
    CHECK(second.effective == first.effective);
    CHECK(point_names(second.sweep) == point_names(first.sweep));
    REQUIRE(second.sweep.points.size() == first.sweep.points.size());
    for (std::size_t i = 0; i < first.sweep.points.size(); ++i) {
        CHECK(first.sweep.points[i].overrides == second.sweep.points[i].overrides);
    }
    CHECK(second.sweep.stages.size() == 2);
    CHECK(second.sweep.baseline == first.sweep.baseline);
}
