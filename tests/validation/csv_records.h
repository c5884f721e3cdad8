#pragma once
// The CSV files of the reference folder: lines that begin with '#' are left out, the first other one names the columns.

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace myriad::accuracy {

using CsvRecord = std::map<std::string, std::string>;

inline std::vector<std::string> csv_cells(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream words(line);
    for (std::string cell; std::getline(words, cell, ',');) {
        cells.push_back(cell);
    }
    return cells;
}

inline std::vector<CsvRecord> csv_records(const std::string& path) {
    std::ifstream in(path);
    std::vector<CsvRecord> records;
    std::vector<std::string> header;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const std::vector<std::string> cells = csv_cells(line);
        if (header.empty()) {
            header = cells;
            continue;
        }
        CsvRecord record;
        for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) {
            record[header[i]] = cells[i];
        }
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace myriad::accuracy
