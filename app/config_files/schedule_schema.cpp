// Keys of schedule files: a collective of the user's own.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

const Schema& transfers_schema() {
    static const Schema schema{
        "transfers",
        "Transfers of one pattern. Values are formulas of whole numbers: n is the number of ranks, c of chunks, s the "
        "step, "
        "r the rank that sends, i the number of the transfer; + - * / % << >> xor, comparisons, and, or, not.",
        {
            key<std::string>("steps", "a step, or the first and last one: '0', '0 .. n - 2'").required(),
            key<std::string>("from", "rank that sends; 'all': every rank").by_default("all"),
            key<std::string>("where", "only where this is not 0: 'r % 2 == 0'").by_default("1"),
            key<std::string>("repeat", "transfers of each rank and step, numbered by i from 0 on").by_default("1"),
            key<std::string>("to", "rank that receives").required(),
            key<std::string>("chunk", "the first chunk that it carries").required(),
            key<std::string>("count", "how many chunks, around the end of the buffer").by_default("1"),
            key<bool>("reduce", "the receiver adds; else it overwrites").by_default("false"),
        }};
    return schema;
}

}  // namespace

const Schema& schedule_schema() {
    static const Schema schema = Schema{
        "schedule",
        "A collective of your own, transfer by transfer. A rank posts all sends of a step when it has received what "
        "the "
        "steps before send to it. Proven when it is read: a schedule that does not keep the promise of its operation "
        "is "
        "an error that names the step, the rank and the chunk.",
        {
            key<std::string>("name", "shown in results").by_file_name(),
            word_key("op", "what it does; of an all_to_all, chunk d of rank s goes straight to rank d",
                     kCollectiveOpWords)
                .required(),
            key<int>("ranks", "of the group").required().between("2", "1024"),
            key<int>("root", "where the operation has one").by_default("0").between("0", "1023"),
            key<std::int64_t>("chunks",
                              "equal pieces of the buffer; where ranks own chunks, chunk k is rank k mod ranks's")
                .required()
                .between("1", "1000000"),
            section_key("transfers", "what moves", transfers_schema).list().required(),
        }}.in_folder("schedules");
    return schema;
}

}  // namespace myriad
