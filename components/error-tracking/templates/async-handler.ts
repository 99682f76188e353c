/** Express 4 does not look at the promise of a handler: this hands its failure to the error handler, as Express 5 does. */
import type { RequestHandler } from "express";

export function asyncHandler(handler: RequestHandler): RequestHandler;
export function asyncHandler<P, R, B, Q>(handler: RequestHandler<P, R, B, Q>): RequestHandler<P, R, B, Q>;
export function asyncHandler<P, R, B, Q>(handler: RequestHandler<P, R, B, Q>): RequestHandler<P, R, B, Q> {
  return (req, res, next) => {
    Promise.resolve(handler(req, res, next)).catch(next);
  };
}
