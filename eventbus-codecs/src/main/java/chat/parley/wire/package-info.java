/** Wire formats that more than one service needs: the frames of v1. */
package chat.parley.wire;
