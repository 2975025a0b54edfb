/** A style sheet imported for its effect alone: Vite builds it, and the page links it. */
declare module "*.css";
