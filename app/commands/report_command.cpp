// `myriad report`: the page of a result, made anew from the files in its folder.

#include "app/commands/commands.h"
#include "app/commands/output_file.h"
#include "app/report/report_folder.h"
#include "app/report/report_html.h"
#include "app/result/folder.h"

#include <filesystem>
#include <ostream>

namespace myriad {

void report_command(const ReportArguments& arguments, std::ostream& out) {
    const std::string page = report_of_folder(arguments.folder);
    if (!arguments.out_file.empty()) {
        check_output_file("--out", arguments.out_file);
        write_output_file("--out", arguments.out_file, page);
        out << "report: " << arguments.out_file << "\n";
        return;
    }
    add_result_file(arguments.folder, {kReportFile, page});
    out << "report: " << (std::filesystem::path(arguments.folder) / kReportFile).string() << "\n";
}

}  // namespace myriad
