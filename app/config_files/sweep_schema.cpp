// Keys of sweep files: a scenario, what varies, and what is asked.

#include "app/config_files/schemas.h"
#include "app/config_files/sweep_words.h"

namespace myriad {
namespace {

const Schema& choice_schema() {
    static const Schema schema{
        "choice",
        "One value of a linked axis. Without `set` and `with`: the scenario as it is.",
        {
            key<std::string>("name", "label in tables").required(),
            yaml_key("with", "a piece of a scenario, merged over it: {cluster: {server: ppu-16}}"),
            key<std::string>("set", "'path=value', as --set takes them, all at once; after `with`").list(),
            key<double>("number", "what formulas take it for; absent: its name, if that is a number or a quantity"),
        }};
    return schema;
}

const Schema& range_schema() {
    static const Schema schema{
        "range",
        "Values from one to another: `steps`, `step` or `factor`; none of them: any value between, for a sample.",
        {
            key<std::string>("from", "first value, with its unit: 100 GB/s").required(),
            key<std::string>("to", "last value, in the unit of the first or another of its kind").required(),
            key<std::int64_t>("steps", "how many values, both ends included").between("2", "100000"),
            key<std::string>("step", "from each value to the next: 100 GB/s"),
            key<std::string>("factor", "from each value to the next: 2x"),
            word_key("scale", "of `steps` and of values drawn: equal differences or equal ratios", kScaleWords)
                .by_default("linear"),
        }};
    return schema;
}

const Schema& zipped_schema() {
    static const Schema schema{"zipped",
                               "A path that moves together with others.",
                               {
                                   key<std::string>("path", "what varies").required(),
                                   yaml_key("values", "as many as the others have").list(),
                                   section_key("range", "instead of values", range_schema),
                               }};
    return schema;
}

const Schema& axis_schema() {
    static const Schema schema{
        "axis",
        "One direction of the grid: a path with values or a range, paths zipped together, or choices.",
        {
            key<std::string>("name", "column in tables; absent: the path"),
            key<std::string>("as", "name in formulas; absent: the name, if it is made of letters, digits and '_'"),
            key<std::string>("path", "what varies, for example cluster.server.link_total"),
            yaml_key("values", "values of `path`").list(),
            section_key("range", "values of `path`, worked out", range_schema),
            section_key("zip", "paths whose n-th values go together", zipped_schema).list(),
            section_key("choices", "values that set several paths at once", choice_schema).list(),
            word_key("role", "who chooses the value", kAxisRoleWords).by_default("design"),
            yaml_key("when",
                     "only where other axes have these labels, one or a list each, * standing for any text: "
                     "{wiring: switch*}; elsewhere the axis has the one value '-'"),
        }};
    return schema;
}

const Schema& derived_schema() {
    static const Schema schema{
        "derived",
        "A path set at every point from the values of axes.",
        {
            key<std::string>("path", "what is set").required(),
            key<std::string>("value", "formula of whole numbers over names of axes: 16 / (tp * pp)").required(),
            key<std::string>("unit", "put behind the number: GB/s"),
            key<std::string>("as", "name of the number in later formulas"),
        }};
    return schema;
}

const Schema& sample_schema() {
    static const Schema schema{"sample",
                               "Some points of the grid, instead of all. Axes of role load and tuning are not drawn: a "
                               "design runs at all of them.",
                               {
                                   word_key("method", "how they are drawn", kSampleWords).by_default("latin_hypercube"),
                                   key<std::int64_t>("points", "how many designs").required().between("1", "1000000"),
                                   key<std::uint64_t>("seed", "of the drawing").by_default("1"),
                               }};
    return schema;
}

const Schema& stage_schema() {
    static const Schema schema{
        "stage",
        "One round of halving.",
        {
            key<std::string>("name", "how results call it").required(),
            key<std::string>("set", "'path=value', put over every point of the round").list(),
            key<std::string>("keep", "how many designs go on: a share (25 %) or a count; not of the last stage"),
        }};
    return schema;
}

const Schema& halving_schema() {
    static const Schema schema{
        "halving",
        "Rounds, each of the best of the one before by the first objective; the baseline is in all of them.",
        {
            section_key("stages", "in order, at least two", stage_schema).list().required(),
        }};
    return schema;
}

const Schema& limits_schema() {
    static const Schema schema{"limits",
                               "What a point may take of the host. --timeout and --memory go before.",
                               {
                                   key<std::string>("time", "a point is killed after it: 10 min"),
                                   key<Bytes>("memory", "what a point may allocate: 4 GiB").at_least("1 B"),
                               }};
    return schema;
}

const Schema& table_schema() {
    static const Schema schema{
        "table",
        "A printed pivot of the results.",
        {
            key<std::string>("title", "line above the table").required(),
            key<std::string>("rows", "name of an axis").required(),
            key<std::string>("columns", "name of an axis").required(),
            key<std::string>("value", "a result, one of the sweep's columns").required(),
            key<std::string>("where", "only points with these labels, by name of axis; * stands for any text").named(),
            key<std::string>("best_of", "axes of which a cell takes the best point, instead of a sub-table a label")
                .list(),
            key<std::string>("best_by", "the result that this point is best by; absent: `value`"),
        }};
    return schema;
}

const Schema& plot_schema() {
    static const Schema schema{
        "plot",
        "A picture of the results (SVG in the result folder); axes not named make panels.",
        {
            key<std::string>("name", "of the file, without .svg").required(),
            key<std::string>("title", "line above the picture").required(),
            key<std::string>("x", "name of the axis that goes across").required(),
            key<std::string>("series", "name of the axis with a line a value").required(),
            key<std::string>("value", "a result, one of the sweep's columns").required(),
            key<std::string>("where", "only points with these labels, by name of axis; * stands for any text").named(),
            key<std::string>("best_of", "axes of which a mark takes the best point, instead of a panel a label").list(),
            key<std::string>("best_by", "the result that this point is best by; absent: `value`"),
        }};
    return schema;
}

}  // namespace

const Schema& sweep_schema() {
    static const Schema schema = Schema{
        "sweep",
        "Many runs of one scenario under overrides.",
        {
            key<std::string>("name", "how results call it").by_file_name(),
            key<std::string>("title", "what it is, in one line"),
            reference_key("scenario", "what every point starts from", scenario_schema).required(),
            section_key("axes", "every combination of their values is a point", axis_schema).list().required(),
            yaml_key("skip",
                     "combinations left out: {axis: label} all at once, one label or a list each, * standing for any "
                     "text")
                .list(),
            section_key("derive", "paths worked out from axes", derived_schema).list(),
            yaml_key("require", "formulas of whole numbers that hold at every point: tp * pp * dp == 16").list(),
            section_key("sample", "some of the points", sample_schema),
            yaml_key("baseline", "what designs are compared with: {axis: label} for every axis of role design"),
            yaml_key("objectives",
                     "results that make a design good, the most important first; each load takes the first it has")
                .list(),
            yaml_key("constraints", "what a point must keep to be ranked: memory_share <= 90 %").list(),
            section_key("halving", "cheap rounds before the dear one", halving_schema),
            section_key("limits", "of the host, for every point", limits_schema),
            key<std::string>("columns",
                             "results to tabulate; absent: the objectives, else the main ones of the workload")
                .list(),
            section_key("tables", "pivots to print", table_schema).list(),
            section_key("plots", "pictures to draw", plot_schema).list(),
        }}.in_folder("../scenarios/sweeps");
    return schema;
}

}  // namespace myriad
