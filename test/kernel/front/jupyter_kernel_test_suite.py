"""The community's kernel test suite (jupyter_kernel_test) on our kernel, as registered for the environment.

Not applicable: test_pager. Payloads are deprecated in the protocol, and a notebook has no pager.
"""

import unittest

import jupyter_kernel_test


class SecopLabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "secop-lab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_generate_error = "throw new Error('intended')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
    ]
    code_display_data = [
        {
            "code": "import * as tslab from 'tslab'; tslab.display.html('<b>bold</b>')",
            "mime": "text/html",
        },
        {
            "code": "import * as tslab from 'tslab'; tslab.display.png(new Uint8Array([1, 2, 3]))",
            "mime": "image/png",
        },
    ]
    code_inspect_sample = "console"
    code_clear_output = "clearOutput()"
    code_history_pattern = "6?*7"
    supported_history_operations = ("tail", "search", "range")
    completion_samples = [
        {"text": "conso", "matches": {"console"}},
        {"text": "Math.ma", "matches": {"max"}},
    ]
    complete_code_samples = ["1", "const a = 1;", "function f() { return 1; }", "class A {}", "// comment"]
    incomplete_code_samples = ["function f() {", "`open", "const a = [1,", "/* open"]
    invalid_code_samples = ["1 = = 2", ")"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
