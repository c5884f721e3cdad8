#include "tests/unit/pipeline/shapes.h"
#include "workloads/training/pipeline_picture.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace myriad;
using test::shape_of;

namespace {

std::string document() {
    std::ifstream file(MYRIAD_SOURCE_FOLDER "/docs/pipelines.md");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// The block behind <!-- picture: NAME -->.
std::string shown_picture(const std::string& text, const std::string& name) {
    const std::string head = "<!-- picture: " + name + " -->\n```text\n";
    const std::size_t begin = text.find(head);
    if (begin == std::string::npos) {
        return "no picture " + name;
    }
    const std::size_t end = text.find("```\n", begin + head.size());
    return text.substr(begin + head.size(), end - begin - head.size());
}

}  // namespace

TEST_CASE("a picture has a line a stage and a column a time unit") {
    // f = b = w = 1, so a backward is two units: F0 F1 then B0 from 2 to 4 on the last stage, from 4 on the first.
    CHECK(pipeline_picture(shape_of(PipelineSchedule::gpipe, 2, 2), {1, 1, 1}) ==
          "stage 0  F0 F1 .  .  .  B0--- B1---\n"
          "stage 1  .  F0 F1 B0--- B1--- .  .\n");
    // Split, and twice as long: I0 of stage 1 from 4 to 6, so stage 0 waits from 4 to 6.
    CHECK(pipeline_picture(shape_of(PipelineSchedule::zb_h1, 2, 2), {2, 2, 1}) ==
          "stage 0  F0--- F1--- .  .  I0--- W0 .  I1--- W1\n"
          "stage 1  .  .  F0--- I0--- F1--- I1--- W0 W1 .\n");
    // Names are as wide as the last micro-batch's.
    CHECK(pipeline_picture(shape_of(PipelineSchedule::gpipe, 1, 11), {1, 1, 0}).substr(0, 17) == "stage 0  F0- F1- ");
}

TEST_CASE("a stage of two chunks has two lines, and only what stands in neither is idle") {
    // P 2, m 4, a pair in 2 units; h is 0 on both stages. Stage 0: F0, then F2 of the other direction, which ends here;
    // F1, not side by side with B2 as the stage is in the middle; the pair F3 and B0; B3, and I1 with W1 put off.
    CHECK(pipeline_picture(shape_of(PipelineSchedule::dualpipe, 2, 4), {1, 1, 1, 2}) ==
          "stage 0 chunk 0   F0    F1       B0---       I1 W1\n"
          "        chunk 1      F2    B2--- F3--- B3---\n"
          "stage 1 chunk 0      F0    B0--- F1--- B1---\n"
          "        chunk 1   F2    F3       B2---       I3 W3\n");
}

TEST_CASE("pictures in docs/pipelines.md are those of the schedules") {
    using enum PipelineSchedule;
    const PassTimes times{1, 1, 1, 2};
    const std::vector<std::pair<std::string, PipelineShape>> pictures{
        {"gpipe", shape_of(gpipe, 4, 7)},
        {"1f1b", shape_of(one_forward_one_backward, 4, 7)},
        {"interleaved", shape_of(interleaved, 2, 4, 2)},
        {"zb-h1", shape_of(zb_h1, 4, 7)},
        {"zb-h2", shape_of(zb_h2, 4, 7)},
        {"dualpipe", shape_of(dualpipe, 4, 8)}};
    const std::string text = document();
    std::size_t markers = 0;
    for (std::size_t at = text.find("<!-- picture:"); at != std::string::npos;
         at = text.find("<!-- picture:", at + 1)) {
        ++markers;
    }
    CHECK(markers == pictures.size());
    for (const auto& [name, shape] : pictures) {
        CHECK(shown_picture(text, name) == pipeline_picture(shape, times));
    }
}
