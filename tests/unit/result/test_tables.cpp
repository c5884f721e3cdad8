#include "app/result/csv.h"
#include "app/result/nccl_table.h"
#include "tests/unit/result/reports.h"

#include <catch2/catch.hpp>

namespace myriad {
namespace {

// 1 MB in 100 us is 10 GB/s; over 4 ranks the bus carries 2 x 3 / 4 of it. 100 MB in 10 ms is the same, and from 10,000
// us on the time has no decimals.
TEST_CASE("the table of collectives has the columns of nccl-tests") {
    CHECK(nccl_table(collective_run().collectives) ==
          "#       size         count      type   redop    root     time   algbw   busbw #wrong\n"
          "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)\n"
          "     1000000        250000     float     sum      -1    100.0   10.00   15.00    N/A\n"
          "   100000000      25000000     float     sum      -1    10000   10.00   15.00    N/A\n"
          "# Avg bus bandwidth    : 15\n");
}

TEST_CASE("a report adds the lower bound and the algorithm to the table") {
    CHECK(nccl_table(collective_run()) ==
          "#       size         count      type   redop    root     time   algbw   busbw #wrong  bound  algorithm\n"
          "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)           (%)\n"
          "     1000000        250000     float     sum      -1    100.0   10.00   15.00    N/A   50.0  ring\n"
          "   100000000      25000000     float     sum      -1    10000   10.00   15.00    N/A   50.0  ring\n"
          "# Avg bus bandwidth    : 15\n");
}

// 1 us: 8,000 B are 2,000 elements of four bytes in all, 500 in each of four shares. algbw is 8 GB/s; busbw 3/4 of it
// where each rank keeps its own share, all of it for a broadcast.
TEST_CASE("operations that gather or scatter count the elements of one rank") {
    const auto row = [](CollectiveOp op) {
        const std::string table = nccl_table({collective_row(op, Bytes{8'000}, 4, us(1))});
        const std::size_t from = table.find("(GB/s)\n") + 7;
        return table.substr(from, table.find('\n', from) - from);
    };
    CHECK(row(CollectiveOp::all_gather) ==
          "        8000           500     float    none      -1     1.00    8.00    6.00    N/A");
    CHECK(row(CollectiveOp::all_to_all) ==
          "        8000           500     float    none      -1     1.00    8.00    6.00    N/A");
    CHECK(row(CollectiveOp::reduce_scatter) ==
          "        8000           500     float     sum      -1     1.00    8.00    6.00    N/A");
    CHECK(row(CollectiveOp::broadcast) ==
          "        8000          2000     float    none       0     1.00    8.00    8.00    N/A");
}

TEST_CASE("an empty table has a mean of nothing") {
    const std::string table = nccl_table(std::vector<CollectiveRow>{});
    CHECK(table.ends_with("# Avg bus bandwidth    : 0\n"));
}

TEST_CASE("cells that hold a separator are quoted") {
    CHECK(csv_cell("plain name") == "plain name");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("say \"hi\"") == "\"say \"\"hi\"\"\"");
    CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
    CHECK(csv_cell("") == "");
}

TEST_CASE("links are told in bytes, bytes a second and picoseconds") {
    RunReport report = run_report();
    report.links.front().from = "rack 1, card 0";
    CHECK(links_csv(report) ==
          "from,to,class,bandwidth_B_per_s,bytes,packets,busy_ps,utilisation,longest_wait_ps\n"
          "\"rack 1, card 0\",server0.card1,icn,50000000000,1048576,7,2500000000000,0.25,3000000\n");
}

// The rows of a step add up to it: shares 0.4 + 0.2 + 0.05 + 0.1 + 0.05 + 0.025 + 0.025 + 0.15 = 1.
TEST_CASE("operators and waiting of a training step add up to it") {
    CHECK(ops_csv(training_run()) ==
          "name,kind,mean_per_card_ps,total_ps,share\n"
          "mlp_up,compute,4000000000000,16000000000000,0.4\n"
          "attention,compute,2000000000000,8000000000000,0.2\n"
          "adam,optimizer,500000000000,2000000000000,0.05\n"
          "tensor,tensor,1000000000000,4000000000000,0.1\n"
          "pipeline,pipeline,500000000000,2000000000000,0.05\n"
          "data,data,250000000000,1000000000000,0.025\n"
          "model,model,250000000000,1000000000000,0.025\n"
          "bubble,bubble,1500000000000,6000000000000,0.15\n");
}

TEST_CASE("collectives have one row a size") {
    CHECK(ops_csv(collective_run()) ==
          "operation,size_B,ranks,time_ps,lower_bound_ps,algbw_B_per_s,busbw_B_per_s,algorithm,protocol\n"
          "all_reduce,1000000,4,100000000,50000000,10000000000,15000000000,,\n"
          "all_reduce,100000000,4,10000000000,5000000000,10000000000,15000000000,,\n");
}

}  // namespace
}  // namespace myriad
