# Writes a .cpp that holds text files as string constants.
#
#     cmake -DOUT=FILE.cpp -DFOLDER=assets -DSCRIPTS=a.js|b.js -DLIBRARY=chart.min.js -P embed_assets.cmake
#
# A raw string ends at )myriad", which no asset holds; the check makes sure. What names a source map is left out,
# because a browser's debugger would ask the network for it.

function(literal out name text)
    string(FIND "${text}" ")myriad\"" found)
    if(NOT found EQUAL -1)
        message(FATAL_ERROR "${name} holds the end of a raw string")
    endif()
    set(${out} "const std::string_view ${name} = R\"myriad(${text})myriad\";\n" PARENT_SCOPE)
endfunction()

string(REPLACE "|" ";" names "${SCRIPTS}")
set(script "")
foreach(name IN LISTS names)
    file(READ "${FOLDER}/${name}" text)
    string(APPEND script "${text}")
endforeach()
# The page need not carry indentation and comments of lines of their own; no string of the modules spans lines.
string(REGEX REPLACE "\n +" "\n" script "${script}")
string(REGEX REPLACE "\n//[^\n]*" "" script "${script}")
file(READ "${FOLDER}/template.html" page)
file(READ "${FOLDER}/report.css" style)
file(READ "${FOLDER}/chart_licence.txt" licence)
file(READ "${LIBRARY}" library)
string(PREPEND library "${licence}")
string(REGEX REPLACE "//# sourceMappingURL=[^\n]*" "" library "${library}")

literal(page_text kReportTemplate "${page}")
literal(style_text kReportStyle "${style}")
literal(script_text kReportScript "${script}")
literal(library_text kChartLibrary "${library}")
file(WRITE "${OUT}" "// Made by embed_assets.cmake.\n#include \"app/report/assets.h\"\n\nnamespace myriad {\n"
    "${page_text}${style_text}${script_text}${library_text}}  // namespace myriad\n")
