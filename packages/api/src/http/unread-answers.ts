import { type RequestHandler } from 'express';

/**
 * Closes the connection of a client that takes nothing of a finished answer for `limitMs`: without it
 * the rest of the answer, and the request, would stay for as long as the client does.
 */
export const closeUnread =
  (limitMs: number): RequestHandler =>
  (_request, response, next) => {
    // Node counts only time without progress, and sets its own limit once everything is handed over.
    response.once('prefinish', () => response.socket?.setTimeout(limitMs));
    next();
  };
