/** Python: images, documents, other programs, and what keeps an app observable. */
import { facts, type LibraryFact } from "../fact.ts";

export const pythonWork: readonly LibraryFact[] = [
  ...facts("image", "pypi:PIL:Image.open().**", "save resize thumbnail"),
  ...facts("image", "pypi:cv2:", "imwrite resize"),
  ...facts("image", "pypi:rembg:", "remove"),
  ...facts("pdf", "pypi:weasyprint:HTML()", "write_pdf"),
  ...facts("pdf", "pypi:reportlab:platypus.SimpleDocTemplate()", "build"),
  ...facts("pdf", "pypi:reportlab:pdfgen.canvas.Canvas()", "save"),
  ...facts("pdf", "pypi:pdfkit:", "from_string from_url from_file"),
  ...facts("pdf", "pypi:xhtml2pdf:pisa", "CreatePDF pisaDocument"),
  ...facts("pdf", "pypi:fpdf:FPDF()", "output"),
  ...facts("cpu", "pypi:subprocess:", "run call check_call check_output"),
];

export const pythonOperations: readonly LibraryFact[] = [
  ...facts("log", "pypi:builtins:", "print"),
  ...facts("log", "pypi:logging:", "debug info warning error critical exception log"),
  ...facts("log", "pypi:logging:getLogger()", "debug info warning error critical exception log"),
  ...facts("log", "pypi:loguru:logger", "debug info warning error critical exception success"),
  ...facts("log", "pypi:structlog:get_logger()", "debug info warning error critical exception"),
  ...facts("error-tracking", "pypi:sentry_sdk:", "init capture_exception capture_message"),
  { api: "pypi:slowapi:Limiter", kind: "rate-limit" },
  { api: "pypi:flask_limiter:Limiter", kind: "rate-limit" },
  { api: "pypi:fastapi_limiter:depends.RateLimiter", kind: "rate-limit" },
  { api: "pypi:django_ratelimit:decorators.ratelimit", kind: "rate-limit" },
];
